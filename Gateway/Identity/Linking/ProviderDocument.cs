using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Cortex.Foundation.Outbound;

namespace Cortex.Identity.Linking;

/// <summary>Reads members of a metadata document that a stranger wrote: a member of another kind counts as absent.</summary>
internal readonly struct ProviderDocument(JsonElement root)
{
    /// <summary>Parses a body; false when it is not a JSON object.</summary>
    public static bool TryParse(byte[] body, out ProviderDocument document)
    {
        document = default;
        try
        {
            using var parsed = JsonDocument.Parse(body);
            if (parsed.RootElement.ValueKind != JsonValueKind.Object)
                return false;
            document = new ProviderDocument(parsed.RootElement.Clone());
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>A text that is not empty, or null.</summary>
    public string? Text(string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    /// <summary>True only for the literal.</summary>
    public bool Flag(string name) => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    /// <summary>A whole number of seconds that a date can hold, or null.</summary>
    public long? Seconds(string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var seconds) && seconds is >= 0 and < 253_402_300_800
            ? seconds
            : null;

    /// <summary>The texts of a list.</summary>
    public IReadOnlyList<string> Texts(string name) => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array
        ? [.. value.EnumerateArray().Where(entry => entry.ValueKind == JsonValueKind.String).Select(entry => entry.GetString()!)]
        : [];

    /// <summary>Reads the address of an endpoint; false when it is absent or may not be called.</summary>
    public bool TryAddress(string name, OutboundTrust trust, [NotNullWhen(true)] out Uri? address, out string problem)
    {
        address = null;
        if (!Uri.TryCreate(Text(name), UriKind.Absolute, out var found))
            problem = $"names no {name}";
        else if (!AddressPolicy.TryAllow(found, trust, out var refusal))
            problem = $"names a {name} that may not be called: {refusal}";
        else if (found.Fragment.Length > 0)
            problem = $"names a {name} with a fragment";
        else
            (address, problem) = (found, "");
        return address is not null;
    }
}
