using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Cortex.Foundation.Configuration.Binding.Formats;

/// <summary><c>true</c> or <c>false</c>.</summary>
internal sealed class FlagFormat : ScalarFormat
{
    public override string Expected => "true or false";

    public override bool TryRead(string text, [NotNullWhen(true)] out object? value)
    {
        value = bool.TryParse(text, out var flag) && text == text.Trim() ? flag : null;
        return value is not null;
    }

    public override string Write(object value) => (bool)value ? "true" : "false";

    public override JsonObject Schema() => new() { ["type"] = "boolean" };
}
