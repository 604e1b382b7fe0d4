using Cortex.Foundation.Outbound;
using Cortex.Identity.Vault;

namespace Cortex.Identity.Linking;

/// <summary>The authorization server of a third-party MCP server, as its checked metadata describes it.</summary>
internal sealed record LinkProvider
{
    /// <summary>Its issuer, exactly as its metadata and the server's say it. Whatever is kept about a provider is kept by this.</summary>
    public required string Issuer { get; init; }

    /// <summary>Where the person's browser goes.</summary>
    public required Uri AuthorizationEndpoint { get; init; }

    /// <summary>Where codes and refresh tokens are redeemed.</summary>
    public required Uri TokenEndpoint { get; init; }

    /// <summary>Where clients register themselves; null when they can't.</summary>
    public Uri? RegistrationEndpoint { get; init; }

    /// <summary>Where tokens are taken back; null when they can't be.</summary>
    public Uri? RevocationEndpoint { get; init; }

    /// <summary>The server that tokens are asked for (<see href="https://www.rfc-editor.org/rfc/rfc8707#section-2">RFC 8707</see>).</summary>
    public required string Resource { get; init; }

    /// <summary>Scopes to ask for, separated by spaces: those of the server's challenge, else all that it supports; empty when it names none.</summary>
    public required string Scopes { get; init; }

    /// <summary>True when its answers to the browser carry <c>iss</c> (<see href="https://www.rfc-editor.org/rfc/rfc9207#section-3">RFC 9207</see>), so that one without is refused.</summary>
    public bool NamesItselfInAnswers { get; init; }

    /// <summary>True when it takes the address of a client-id metadata document for a client id.</summary>
    public bool TakesClientDocuments { get; init; }

    /// <summary>How clients may show who they are at the token endpoint; empty when it does not say.</summary>
    public IReadOnlyList<string> TokenAuthentication { get; init; } = [];

    /// <summary>True when clients may ask it for <c>offline_access</c>, without which such a provider gives no refresh token.</summary>
    public bool OffersOfflineAccess { get; init; }

    /// <summary>True when the server is on loopback, so that its provider may be as well.</summary>
    public bool OnLoopback { get; init; }

    /// <summary>How far its addresses are followed.</summary>
    public OutboundTrust Trust => OnLoopback ? OutboundTrust.DiscoveredOnLoopback : OutboundTrust.Discovered;

    /// <summary>Where its person signs in, for a page.</summary>
    public string Host => AuthorizationEndpoint.Authority;

    /// <summary>A client of this provider, for tokens of this server.</summary>
    public GrantClient MakeClient(string clientId, string? secret, ClientAuthentication authentication) => new()
    {
        ClientId = clientId,
        ClientSecret = secret,
        Authentication = authentication,
        TokenEndpoint = TokenEndpoint,
        RevocationEndpoint = RevocationEndpoint,
        Resource = Resource,
        OnLoopback = OnLoopback,
    };
}
