namespace Cortex.Identity.Callers;

/// <summary><c>identity.authorizationServer:</c>, the authorization server inside the gateway.</summary>
internal sealed class AuthorizationServerOptions
{
    /// <summary>False: only tokens of <c>identity.issuers</c> are accepted.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The ways in which people sign in.</summary>
    public IReadOnlyList<SignInKind> SignIn { get; init; } = [SignInKind.Development];

    /// <summary>Lets the development sign-in run outside the Development environment: whoever reaches it can be anyone.</summary>
    public bool AllowDevelopmentSignIn { get; init; }

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
}
