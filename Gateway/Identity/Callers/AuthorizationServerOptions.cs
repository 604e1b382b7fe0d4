using Cortex.Foundation.Configuration;

namespace Cortex.Identity.Callers;

/// <summary><c>identity.authorizationServer:</c>, the authorization server inside the gateway.</summary>
internal sealed class AuthorizationServerOptions
{
    /// <summary>False: only tokens of <c>identity.issuers</c> are accepted.</summary>
    [NeedsRestart]
    public bool Enabled { get; init; } = true;

    /// <summary>The ways in which people sign in.</summary>
    [NeedsRestart]
    public IReadOnlyList<SignInKind> SignIn { get; init; } = [SignInKind.Development];

    /// <summary>Lets the development sign-in run outside the Development environment: whoever reaches it can be anyone.</summary>
    [NeedsRestart]
    public bool AllowDevelopmentSignIn { get; init; }

    /// <summary>The mail server of the magic-link sign-in.</summary>
    public SmtpOptions? Smtp { get; init; }

    /// <summary>The OpenID Connect providers that people can sign in by, under names of your choice (<c>a-z 0-9 -</c>).</summary>
    [NeedsRestart]
    public IReadOnlyDictionary<string, ProviderOptions> Providers { get; init; } = new Dictionary<string, ProviderOptions>();

    /// <summary>
    /// For so long after its use a refresh token answers once more, with the very tokens that its first use gave: for clients whose reply was
    /// lost, or that refresh from several processes at once. A later second use is taken for theft and ends the whole grant. At most 1m.
    /// </summary>
    [NeedsRestart]
    public TimeSpan RefreshReuseLeeway { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Clients that are known beforehand, machines among them. Clients of people can also register themselves.</summary>
    public IReadOnlyList<ClientOptions> Clients { get; init; } = [];

    /// <summary>Clients that register themselves, and how long they are kept.</summary>
    public RegistrationOptions Registration { get; init; } = new();

    /// <summary>Clients that are known by the address of a document about them.</summary>
    public ClientMetadataOptions ClientMetadata { get; init; } = new();
}

/// <summary>A way in which people sign in at the embedded authorization server.</summary>
internal enum SignInKind
{
    /// <summary>Pick or type an e-mail address; nothing is proven.</summary>
    Development,

    /// <summary>A link by e-mail, sent over <c>smtp</c>, that works once and for 15 minutes.</summary>
    MagicLink,

    /// <summary>Somewhere else: at one of <c>providers</c>.</summary>
    Oidc,
}
