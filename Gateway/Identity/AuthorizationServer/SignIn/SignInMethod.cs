using Cortex.Identity.Callers;

namespace Cortex.Identity.AuthorizationServer.SignIn;

/// <summary>One way to sign in: what it shows on the sign-in page, and the endpoints that prove who someone is.</summary>
internal abstract class SignInMethod
{
    public abstract SignInKind Kind { get; }

    /// <summary>The component that offers it on the sign-in page; it takes one parameter, <c>Form</c>, a <see cref="SignInForm"/>.</summary>
    public abstract Type Section { get; }

    /// <summary>False: the kind must not run here, whatever a reloaded configuration offers.</summary>
    public virtual bool MayRun(AuthorizationServerOptions options) => true;

    /// <summary>Maps its endpoints below <see cref="ServerPaths.SignIn"/>. They answer 404 while the configuration does not offer the kind.</summary>
    public abstract void Map(IEndpointRouteBuilder endpoints);
}
