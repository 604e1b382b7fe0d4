using Cortex.Foundation.Model;

namespace Cortex.Identity.Callers;

/// <summary>The root key <c>identity:</c>: whose tokens count at the door, and what the persons behind them may hold.</summary>
internal sealed class IdentityOptions
{
    /// <summary>The authorization server inside the gateway.</summary>
    public AuthorizationServerOptions AuthorizationServer { get; init; } = new();

    /// <summary>Further issuers whose access tokens are accepted.</summary>
    public IReadOnlyList<IssuerOptions> Issuers { get; init; } = [];

    /// <summary>True when people sign in here with their browser: at the authorization server inside the gateway, or at an issuer with a browser client.</summary>
    public bool SignsPeopleIn => AuthorizationServer.Enabled || Issuers.Any(issuer => issuer.BrowserClient is not null);

    /// <summary>The gateway's own keys: those that sign its tokens, and those that seal what its authorization server reads again.</summary>
    public KeyOptions Keys { get; init; } = new();

    /// <summary>Scopes that every token must hold before anything is dispatched.</summary>
    public IReadOnlyList<Scope> RequiredScopes { get; init; } = [];

    /// <summary>Scopes that clients are told to ask for; empty: every scope the catalog uses.</summary>
    public IReadOnlyList<Scope> DefaultScopes { get; init; } = [];

    /// <summary>
    /// The persons who may hold <c>cortex:admin</c>: ids (<c>p_...</c>), issuer and subject with a space between them, or e-mail addresses. An address
    /// counts where its owner proved it to the gateway itself; people of <c>identity.issuers</c> and of sign-in providers are named in the other two ways.
    /// </summary>
    public IReadOnlyList<string> Admins { get; init; } = [];

    /// <summary>
    /// Plans by name, each with the scopes its persons hold, or just the list of them. Persons are given a plan
    /// through the operator API or the billing webhook. Whoever was given one that is not (or no longer) here holds no scopes at all until it is back
    /// or they are given another, for what it held can't be known.
    /// </summary>
    public IReadOnlyDictionary<string, PlanOptions> Plans { get; init; } = new Dictionary<string, PlanOptions>();

    /// <summary>Plan of a person who was given none; unset: no plan limits them, so that they hold every scope the catalog uses.</summary>
    public string? DefaultPlan { get; init; }

    /// <summary>The webhook at <c>/api/billing/events</c> that gives persons plans.</summary>
    public BillingOptions Billing { get; init; } = new();
}
