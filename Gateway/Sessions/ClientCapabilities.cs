using System.Security.Cryptography;
using System.Text.Json;

namespace Cortex.Sessions;

/// <summary>
/// What a client declares, cut down to what the gateway relays and written in one way: sorted members, no blanks. Two clients that can do the
/// same are equal. Immutable. Example: <c>{"elicitation":{"form":{},"url":{}},"roots":{},"sampling":{"tools":{}}}</c>.
/// </summary>
/// <remarks>
/// Left out on purpose: <c>roots.listChanged</c>, since an upstream session is shared by the client's sessions and the notification names none of
/// them; <c>experimental</c> and extensions whose methods the gateway does not relay.
/// </remarks>
internal sealed record ClientCapabilities
{
    private readonly byte[] _json;

    private ClientCapabilities(byte[] json, bool asksBack, bool opensUrls = false)
    {
        _json = json;
        OpensUrls = opensUrls;
        AsksBack = asksBack;
        Digest = Convert.ToHexStringLower(SHA256.HashData(json))[..16];
    }

    /// <summary>A client that declared nothing: <c>{}</c>.</summary>
    public static ClientCapabilities None { get; } = new("{}"u8.ToArray(), asksBack: false);

    /// <summary>The JSON object.</summary>
    public ReadOnlyMemory<byte> Json => _json;

    /// <summary>True when a server may ask this client something within a call: elicitation, sampling or roots.</summary>
    public bool AsksBack { get; }

    /// <summary>True when the client puts addresses before its person: elicitation in URL mode.</summary>
    public bool OpensUrls { get; }

    /// <summary>Short hash of <see cref="Json"/>, for keys.</summary>
    public string Digest { get; }

    /// <summary>What is kept of the declared JSON object. Members that are malformed are dropped; no object at all gives <see cref="None"/>.</summary>
    public static ClientCapabilities Of(ReadOnlySpan<byte> declaredJson)
    {
        if (declaredJson.IsEmpty || declaredJson.SequenceEqual("{}"u8))
            return None;
        DeclaredCapabilities declared;
        try
        {
            declared = DeclaredCapabilities.Read(declaredJson);
        }
        catch (JsonException)
        {
            return None;
        }

        return declared.IsEmpty ? None : new ClientCapabilities(declared.Write(), declared.AsksBack, declared.OpensUrls);
    }

    public bool Equals(ClientCapabilities? other) => other is not null && _json.AsSpan().SequenceEqual(other._json);

    public override int GetHashCode() => Digest.GetHashCode(StringComparison.Ordinal);
}
