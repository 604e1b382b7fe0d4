using System.Text.Json.Serialization;
using ModelContextProtocol.Authentication;

namespace Cortex.Cli.Stdio.SignIn;

/// <summary>What is kept of a sign-in at one gateway.</summary>
/// <param name="Endpoint">The gateway's MCP endpoint, for who looks into the file.</param>
/// <param name="AccessToken">Presented to the gateway.</param>
/// <param name="RefreshToken">Presented to the authorization server, once.</param>
/// <param name="ObtainedAt">When the access token came.</param>
/// <param name="ExpiresIn">Its lifetime in seconds; null when nobody said.</param>
/// <param name="Scope">What it allows.</param>
/// <param name="ClientId">The client it was given to.</param>
/// <param name="ClientSecret">That client's secret, if it was given one.</param>
/// <param name="TokenEndpointAuthMethod">How that client shows who it is.</param>
/// <param name="AuthorizationServer">Who knows that client.</param>
/// <param name="RedirectPort">The port of that client's redirect URI.</param>
internal sealed record KeptSignIn(
    string Endpoint,
    string AccessToken,
    string? RefreshToken,
    DateTimeOffset ObtainedAt,
    int? ExpiresIn,
    string? Scope,
    string? ClientId,
    string? ClientSecret,
    string? TokenEndpointAuthMethod,
    string? AuthorizationServer,
    int? RedirectPort)
{
    /// <summary>A token is not presented any more when it would end on the way.</summary>
    private const int Margin = 20;

    public static KeptSignIn Of(Uri endpoint, TokenContainer tokens, KeptSignIn? before, int? redirectPort) => new(
        endpoint.ToString(),
        tokens.AccessToken,
        // Not every server gives a new one with each refresh; the old one goes on then.
        tokens.RefreshToken ?? (before?.ClientId == tokens.ClientId ? before?.RefreshToken : null),
        tokens.ObtainedAt,
        tokens.ExpiresIn,
        tokens.Scope,
        tokens.ClientId,
        tokens.ClientSecret,
        tokens.TokenEndpointAuthMethod,
        tokens.AuthorizationServer,
        redirectPort ?? before?.RedirectPort);

    public TokenContainer ToTokens() => new()
    {
        TokenType = "Bearer",
        AccessToken = AccessToken,
        RefreshToken = RefreshToken,
        ObtainedAt = ObtainedAt,
        ExpiresIn = ExpiresIn is { } seconds ? Math.Max(seconds - Margin, 0) : null,
        Scope = Scope,
        ClientId = ClientId,
        ClientSecret = ClientSecret,
        TokenEndpointAuthMethod = TokenEndpointAuthMethod,
        AuthorizationServer = AuthorizationServer,
    };

    /// <summary>Without secrets.</summary>
    public override string ToString() => $"sign-in at {Endpoint}";
}

/// <summary>Serialization of <see cref="KeptSignIn"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(KeptSignIn))]
internal sealed partial class KeptSignInJson : JsonSerializerContext;
