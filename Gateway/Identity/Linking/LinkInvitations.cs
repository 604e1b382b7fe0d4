using System.Text.Json;
using System.Text.Json.Serialization;
using Cortex.Foundation.Configuration;
using Cortex.Foundation.Model;
using Cortex.Foundation.Sealing;

namespace Cortex.Identity.Linking;

/// <summary>
/// Makes and reads the addresses at which a person links an account: <c>/link/{backend}/start?for=...</c>. What an address is for is sealed, so that it
/// tells nothing; it signs nobody in, and is good only for the person it was made for. Thread-safe.
/// </summary>
internal sealed partial class LinkInvitations(Sealer sealer, GatewayAddresses addresses, TimeProvider time)
{
    /// <summary>How long an invitation can be followed: agents may show it to somebody who reads it much later.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>Invites a person to link an account at a backend.</summary>
    /// <param name="person">Who.</param>
    /// <param name="backend">Where.</param>
    /// <param name="scopes">Scopes that the last call lacked; empty for the usual ones.</param>
    public LinkInvitation Invite(PersonId person, BackendId backend, IReadOnlyList<string> scopes)
    {
        var id = Guid.NewGuid().ToString("N");
        var expires = (time.GetUtcNow() + Lifetime).ToUnixTimeSeconds();
        var text = JsonSerializer.Serialize(new Content(person.Value, scopes, id, expires), ContentJson.Default.Content);
        return new LinkInvitation(new Uri($"{addresses.Origin}/link/{backend}/start?for={sealer.SealText(text, Purpose(backend))}"), id);
    }

    /// <summary>What an invitation's <c>for</c> says; null when it was changed, is another backend's, or is too old.</summary>
    public LinkRequest? TryRead(BackendId backend, string? sealedText)
    {
        if (sealedText is null || sealer.TryOpenText(sealedText, Purpose(backend)) is not { } text
            || JsonSerializer.Deserialize(text, ContentJson.Default.Content) is not { } content)
            return null;
        var expires = DateTimeOffset.FromUnixTimeSeconds(content.Expires);
        return expires > time.GetUtcNow()
            ? new LinkRequest(PersonId.Parse(content.Person), backend, content.Scopes, content.Id, expires)
            : null;
    }

    private static string Purpose(BackendId backend) => $"link-invitation/{backend}";

    private sealed record Content(string Person, IReadOnlyList<string> Scopes, string Id, long Expires);

    [JsonSerializable(typeof(Content))]
    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    private sealed partial class ContentJson : JsonSerializerContext;
}
