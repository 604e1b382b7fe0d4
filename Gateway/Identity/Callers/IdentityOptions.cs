using Cortex.Foundation.Model;

namespace Cortex.Identity.Callers;

/// <summary>The root key <c>identity:</c>: whose tokens count at the door, and what the persons behind them may hold.</summary>
internal sealed class IdentityOptions
{
    /// <summary>The authorization server inside the gateway.</summary>
    public AuthorizationServerOptions AuthorizationServer { get; init; } = new();

    /// <summary>Further issuers whose access tokens are accepted.</summary>
    public IReadOnlyList<IssuerOptions> Issuers { get; init; } = [];

    /// <summary>The gateway's own keys: those that sign its tokens, and those that seal what its authorization server reads again.</summary>
    public KeyOptions Keys { get; init; } = new();

    /// <summary>Scopes that every token must hold before anything is dispatched.</summary>
    public IReadOnlyList<Scope> RequiredScopes { get; init; } = [];

    /// <summary>Scopes that clients are told to ask for; empty: every scope the catalog uses.</summary>
    public IReadOnlyList<Scope> DefaultScopes { get; init; } = [];

    /// <summary>Ids or e-mail addresses of the persons who may hold <c>cortex:admin</c>.</summary>
    public IReadOnlyList<string> Admins { get; init; } = [];

    /// <summary>Plans by name, each with the scopes its persons hold.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Scope>> Plans { get; init; } = new Dictionary<string, IReadOnlyList<Scope>>();

    /// <summary>Plan of a person who has none of their own; unset: no plan limits them.</summary>
    public string? DefaultPlan { get; init; }
}
