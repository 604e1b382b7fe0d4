using System.Security.Claims;
using Cortex.Foundation.Model;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Cortex.Identity.Callers;

/// <summary>Reads the claims of a token whose signature was checked.</summary>
internal static class TokenClaims
{
    /// <summary>The subject under which the gateway itself calls backends: no client may bear it.</summary>
    public const string GatewaySubject = "cortex-gateway";

    // Text that reads like a date is a date to the JWT library.
    private static readonly string[] TextTypes =
        [ClaimValueTypes.String, ClaimValueTypes.DateTime, ClaimValueTypes.Integer, ClaimValueTypes.Integer32, ClaimValueTypes.Integer64];

    /// <summary>The client a token was issued to, by whichever name its issuer uses; null when it does not say.</summary>
    public static string? ClientId(JsonWebToken token) =>
        Text(token, "client_id") ?? Text(token, "azp") ?? Text(token, "appid") ?? Text(token, "cid");

    /// <summary>
    /// True for a token that a client got on its own behalf: its subject is the client
    /// (<see href="https://www.rfc-editor.org/rfc/rfc9068#section-2.2">RFC 9068, section 2.2</see>), or the issuer says so in a claim of its own.
    /// </summary>
    public static bool IsMachine(JsonWebToken token, string? clientId) =>
        (Text(token, "sub") is { } subject && (subject == clientId || subject == Text(token, "azp")))
        || Text(token, "gty") is "client-credentials" or "client_credentials"
        || Text(token, "idtyp") == "app";

    /// <summary>
    /// The client as the caller. Its id becomes the subject of minted tokens, so that one which reads like a person's id, or like the
    /// gateway's own name, is nobody.
    /// </summary>
    public static TokenIdentity Machine(string? clientId) =>
        clientId is null or GatewaySubject || PersonId.TryParse(clientId, out _)
            ? new TokenIdentity.Nobody("The token names no client that may act on its own behalf.")
            : new TokenIdentity.Machine(clientId);

    /// <summary>
    /// The scopes that one value of a claim stands for. The whole value, or else each word of it, is looked up in <paramref name="scopeMap"/>;
    /// what is not found there stands for itself.
    /// </summary>
    public static IEnumerable<Scope> ScopesOf(string value, IReadOnlyDictionary<string, IReadOnlyList<Scope>>? scopeMap) =>
        (scopeMap?.ContainsKey(value) is true ? [value] : value.Split(' ', StringSplitOptions.RemoveEmptyEntries)).SelectMany(word => Map(word, scopeMap));

    /// <summary>The one value of a claim; null when it is absent, repeated, neither text nor a whole number, empty, too long or holds control characters.</summary>
    public static string? Text(JsonWebToken token, string claim, int maxLength = 512)
    {
        var found = Single(token, claim);
        return found is { Value: { Length: > 0 } text } && TextTypes.Contains(found.ValueType) && text.Length <= maxLength && !text.Any(char.IsControl)
            ? text
            : null;
    }

    /// <summary>True when the claim's one value is true, as a boolean or as text.</summary>
    public static bool IsTrue(JsonWebToken token, string claim) =>
        Single(token, claim) is { ValueType: ClaimValueTypes.Boolean or ClaimValueTypes.String } found
        && found.Value.Equals("true", StringComparison.OrdinalIgnoreCase);

    private static Claim? Single(JsonWebToken token, string claim)
    {
        Claim? found = null;
        foreach (var candidate in token.Claims)
        {
            if (candidate.Type != claim)
                continue;
            if (found is not null)
                return null;
            found = candidate;
        }

        return found;
    }

    private static IEnumerable<Scope> Map(string value, IReadOnlyDictionary<string, IReadOnlyList<Scope>>? scopeMap)
    {
        if (scopeMap is not null && scopeMap.TryGetValue(value, out var mapped))
            return mapped;
        return Scope.TryParse(value, out var scope) ? [scope] : [];
    }
}
