using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Cortex.Foundation.Configuration.Binding.Formats;

/// <summary>An absolute http or https address.</summary>
internal sealed class AddressFormat : ScalarFormat
{
    public override string Expected => "an absolute address such as https://example.com/path";

    public override bool TryRead(string text, [NotNullWhen(true)] out object? value)
    {
        value = Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address : null;
        return value is not null;
    }

    public override string Write(object value) => YamlText.Quote(((Uri)value).OriginalString);

    public override JsonObject Schema() => new() { ["type"] = "string", ["format"] = "uri" };
}
