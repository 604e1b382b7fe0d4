using Cortex.Foundation.Configuration;
using Cortex.Foundation.Model;
using Cortex.Foundation.Sealing;
using Cortex.Identity.Callers;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Cortex.Identity.Minting;

/// <summary>
/// Writes and signs the JWTs for backends (<see href="https://www.rfc-editor.org/rfc/rfc9068">RFC 9068</see>, with <c>act</c> of
/// <see href="https://www.rfc-editor.org/rfc/rfc8693#section-4.1">RFC 8693</see>):
/// <code>
/// {"typ":"at+jwt","alg":"ES256","kid":"..."}
/// {"iss":"https://gateway/identity","aud":"https://backend","sub":"p_...","idp":{"iss":"...","sub":"..."},"email":"...","client_id":"...",
///  "scope":"...","act":{"sub":"cortex-gateway"},"jti":"...","iat":0,"nbf":0,"exp":300}
/// </code>
/// </summary>
internal sealed class MintedTokenWriter(SigningKeys keys, GatewayAddresses addresses)
{
    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };

    /// <summary>A token that speaks for a caller. <c>email</c> is there only if verified; a machine has no person's claims, and its own id in <c>idp</c>.</summary>
    public string WriteFor(Caller caller, string audience, ScopeSet scopes, DateTimeOffset now, DateTimeOffset end)
    {
        var claims = Common(caller.Subject, caller.ClientId, scopes.ToString());
        claims["idp"] = new Dictionary<string, object>
        {
            ["iss"] = caller.Person?.Issuer ?? caller.Issuer,
            ["sub"] = caller.Person?.Subject ?? caller.ClientId,
        };
        claims["act"] = new Dictionary<string, object> { ["sub"] = TokenClaims.GatewaySubject };
        if (caller.Person is { EmailVerified: true, Email: { } email })
            claims["email"] = email;
        return Sign(claims, audience, now, end);
    }

    /// <summary>A token that speaks for the gateway itself.</summary>
    public string WriteForGateway(string audience, string scope, DateTimeOffset now, DateTimeOffset end) =>
        Sign(Common(TokenClaims.GatewaySubject, TokenClaims.GatewaySubject, scope), audience, now, end);

    private static Dictionary<string, object> Common(string subject, string clientId, string scope) => new()
    {
        ["sub"] = subject,
        ["client_id"] = clientId,
        ["scope"] = scope,
        ["jti"] = Guid.NewGuid().ToString("N"),
    };

    private string Sign(Dictionary<string, object> claims, string audience, DateTimeOffset now, DateTimeOffset end)
    {
        var key = keys.Active(KeyPurpose.Identity);
        return _handler.CreateToken(new SecurityTokenDescriptor
        {
            TokenType = "at+jwt",
            Issuer = addresses.IdentityIssuer,
            Audience = audience,
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = end.UtcDateTime,
            Claims = claims,
            SigningCredentials = new SigningCredentials(key.Private, SecurityAlgorithms.EcdsaSha256),
        });
    }
}
