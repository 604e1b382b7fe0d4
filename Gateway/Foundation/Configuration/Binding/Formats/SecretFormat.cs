using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Cortex.Foundation.Model;

namespace Cortex.Foundation.Configuration.Binding.Formats;

/// <summary>A secret: a reference, never a literal.</summary>
internal sealed class SecretFormat : ScalarFormat
{
    public override string Expected => "a reference to a secret";

    public override string Mend(string text) => "Write ${env:NAME} or ${file:/path}";

    public override bool TryRead(string text, [NotNullWhen(true)] out object? value)
    {
        value = text.Length > 0 ? new Secret(text) : null;
        return value is not null;
    }

    public override string Write(object value) => "***";

    public override JsonObject Schema() => new() { ["type"] = "string", ["pattern"] = SchemaReference.Pattern };
}
