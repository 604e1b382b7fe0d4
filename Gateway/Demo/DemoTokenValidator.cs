using System.Security.Cryptography;
using Cortex.Foundation.Model;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Cortex.Demo;

/// <summary>
/// Validates minted tokens as a foreign app would: from the gateway's published metadata and keys, over HTTP, with nothing shared in memory.
/// <list type="number">
/// <item>Metadata and keys are fetched at the first token, cached, and fetched again when a token names an unknown key.</item>
/// <item>A failed fetch is tried again with the next token, for the gateway may not listen yet.</item>
/// <item>Type <c>at+jwt</c>, ES256, issuer, audience, expiry: each must hold.</item>
/// </list>
/// Thread-safe.
/// </summary>
internal sealed class DemoTokenValidator(string issuer, string audience, HttpClient http)
{
    private static readonly JsonWebTokenHandler Handler = new();

    private readonly ConfigurationManager<OpenIdConnectConfiguration> _metadata = new(
        $"{issuer}/.well-known/openid-configuration",
        new OpenIdConnectConfigurationRetriever(),
        new HttpDocumentRetriever(http) { RequireHttps = issuer.StartsWith("https:", StringComparison.Ordinal) })
    {
        RefreshInterval = TimeSpan.FromSeconds(30),
    };

    public async Task<DemoTokenResult> ValidateAsync(string? authorization, CancellationToken cancellationToken)
    {
        if (authorization is null || !authorization.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
            return new DemoTokenResult.Invalid("A bearer token is required.");

        try
        {
            await _metadata.GetConfigurationAsync(cancellationToken);
        }
        catch (InvalidOperationException exception)
        {
            return new DemoTokenResult.Unavailable($"The keys of '{issuer}' cannot be read: {exception.GetBaseException().Message}");
        }

        var result = await Handler.ValidateTokenAsync(authorization["Bearer ".Length..].Trim(), Parameters());
        return result is { IsValid: true, SecurityToken: JsonWebToken token }
            ? new DemoTokenResult.Valid(Read(token))
            : new DemoTokenResult.Invalid(Reason(result.Exception));
    }

    private TokenValidationParameters Parameters() => new()
    {
        ConfigurationManager = _metadata,
        ValidTypes = ["at+jwt"],
        ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
        IssuerValidator = (found, _, _) => found == issuer
            ? found
            : throw new SecurityTokenInvalidIssuerException($"The issuer is not '{issuer}'."),
        ValidAudience = audience,
        ClockSkew = TimeSpan.FromSeconds(30),
    };

    private static DemoCaller Read(JsonWebToken token) => new(
        token.Subject,
        token.TryGetPayloadValue<string>("email", out var email) ? email : null,
        token.TryGetPayloadValue<string>("client_id", out var clientId) ? clientId : null,
        ScopeSet.ParseLenient(token.TryGetPayloadValue<string>("scope", out var scopes) ? scopes : null));

    private static string Reason(Exception exception) => exception switch
    {
        SecurityTokenExpiredException => "The token has expired.",
        SecurityTokenInvalidAudienceException => "The token is meant for another audience.",
        SecurityTokenInvalidIssuerException => "The token has another issuer.",
        SecurityTokenInvalidSignatureException or CryptographicException => "The token's signature is wrong.",
        SecurityTokenMalformedException => "The token is not a JWT.",
        _ => "The token is not valid here.",
    };
}
