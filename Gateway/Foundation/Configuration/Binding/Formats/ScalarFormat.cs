using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Cortex.Foundation.Configuration.Binding.Formats;

/// <summary>How one kind of single value is written.</summary>
internal abstract class ScalarFormat
{
    /// <summary>What is expected, as the end of "is not ...", for example <c>a whole number</c>.</summary>
    public abstract string Expected { get; }

    /// <summary>What to write, for a value that could not be read.</summary>
    public virtual string Mend(string text) => $"Write {Expected}";

    public abstract bool TryRead(string text, [NotNullWhen(true)] out object? value);

    /// <summary>The value as one would write it in YAML.</summary>
    public abstract string Write(object value);

    /// <summary>The value's form in JSON Schema.</summary>
    public abstract JsonObject Schema();
}
