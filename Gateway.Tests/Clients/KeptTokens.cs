using ModelContextProtocol.Authentication;

namespace Cortex.Tests.Clients;

/// <summary>Keeps the tokens of the C# SDK's client where a test can see them.</summary>
internal sealed class KeptTokens : ITokenCache
{
    private TokenContainer? _tokens;

    public string? AccessToken => _tokens?.AccessToken;

    public string? RefreshToken => _tokens?.RefreshToken;

    public string? ClientId => _tokens?.ClientId;

    public string? ClientSecret => _tokens?.ClientSecret;

    /// <summary>Makes the access token one that counts no more, as after its ten minutes.</summary>
    public void OutliveAccessToken() => _tokens = new TokenContainer
    {
        TokenType = _tokens!.TokenType,
        AccessToken = "ended",
        RefreshToken = _tokens.RefreshToken,
        ExpiresIn = _tokens.ExpiresIn,
        Scope = _tokens.Scope,
        ObtainedAt = _tokens.ObtainedAt,
        ClientId = _tokens.ClientId,
        ClientSecret = _tokens.ClientSecret,
        TokenEndpointAuthMethod = _tokens.TokenEndpointAuthMethod,
        AuthorizationServer = _tokens.AuthorizationServer,
    };

    public ValueTask StoreTokensAsync(TokenContainer tokens, CancellationToken cancellationToken)
    {
        _tokens = tokens;
        return ValueTask.CompletedTask;
    }

    public ValueTask<TokenContainer?> GetTokensAsync(CancellationToken cancellationToken) => ValueTask.FromResult(_tokens);
}
