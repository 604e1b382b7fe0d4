using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Cortex.Identity.Callers;

/// <summary>
/// What can be told of a token before any key is looked at (<see href="https://www.rfc-editor.org/rfc/rfc8725#section-3">RFC 8725, section 3</see>):
/// that it is a signed JWT, by an algorithm of the allow-list, without extensions the gateway would have to understand.
/// </summary>
internal static class TokenShape
{
    /// <summary>Public-key signatures only: never <c>none</c>, never a shared secret.</summary>
    public static readonly IReadOnlyList<string> Algorithms =
        ["ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];

    /// <summary>Reads a token without believing it; null, and the problem, when it can't count whoever signed it.</summary>
    public static JsonWebToken? TryRead(string text, out string problem)
    {
        try
        {
            var token = new JsonWebToken(text);
            ReadEverything(token);
            problem = Judge(token);
            return problem.Length == 0 ? token : null;
        }
        catch (Exception exception) when (IsMalformation(exception))
        {
            problem = "The token is not a well-formed JWT.";
            return null;
        }
    }

    /// <summary>Claims that an issuer told outside a token, in the form of a token that nobody signed.</summary>
    public static JsonWebToken ReadClaims(string json)
    {
        var token = new JsonWebToken("{\"alg\":\"none\"}", json);
        ReadEverything(token);
        return token;
    }

    /// <summary>True for a text of three parts whose first is a JSON object: any other is no JWT, whoever made it.</summary>
    public static bool IsJwt(string text) => text.StartsWith("eyJ", StringComparison.Ordinal) && text.Count(character => character == '.') == 2;

    /// <summary>True when the exception says that a text is no token.</summary>
    public static bool IsMalformation(Exception exception) =>
        exception is SecurityTokenException or ArgumentException or FormatException or JsonException or InvalidOperationException or OverflowException;

    /// <summary>Claims are read when first asked for: a malformed one shows here, and not after the signature was checked.</summary>
    private static void ReadEverything(JsonWebToken token)
    {
        _ = (token.Issuer, token.Subject, token.Kid, token.Typ, token.ValidFrom, token.ValidTo);
        _ = (token.Audiences.Count(), token.Claims.Count());
    }

    private static string Judge(JsonWebToken token)
    {
        if (token.IsEncrypted)
            return "The token is encrypted.";
        if (!Algorithms.Contains(token.Alg))
            return "The token's signature algorithm is not accepted.";
        if (token.TryGetHeaderValue<object>("crit", out _))
            return "The token's header demands an extension that is not supported.";
        return "";
    }
}
