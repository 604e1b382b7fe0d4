using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Cortex.Foundation.Configuration.Binding.Formats;

/// <summary>Any text.</summary>
internal sealed class TextFormat : ScalarFormat
{
    public override string Expected => "a text";

    public override bool TryRead(string text, [NotNullWhen(true)] out object? value)
    {
        value = text;
        return true;
    }

    public override string Write(object value) => YamlText.Quote((string)value);

    public override JsonObject Schema() => new() { ["type"] = "string" };
}
