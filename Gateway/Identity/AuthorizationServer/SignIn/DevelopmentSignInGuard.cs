using Cortex.Foundation.Configuration;
using Cortex.Identity.Callers;

namespace Cortex.Identity.AuthorizationServer.SignIn;

/// <summary>Keeps the development sign-in, by which anyone can be anyone, out of production.</summary>
internal static class DevelopmentSignInGuard
{
    public static bool Allows(AuthorizationServerOptions options, IHostEnvironment environment) =>
        environment.IsDevelopment() || options.AllowDevelopmentSignIn;

    /// <summary>Throws <see cref="ConfigurationException"/> when the sign-in is configured where it must not run.</summary>
    public static void Require(AuthorizationServerOptions options, IHostEnvironment environment, string file)
    {
        if (!options.SignIn.Contains(SignInKind.Development) || Allows(options, environment))
            return;
        throw new ConfigurationException(
        [
            new ConfigurationError(
                new Origin.Place(file, 0, 0),
                "identity.authorizationServer.signIn",
                $"the development sign-in lets anyone be anyone, and this is the {environment.EnvironmentName} environment",
                "choose another sign-in, or set DOTNET_ENVIRONMENT=Development, or write identity.authorizationServer.allowDevelopmentSignIn: true if that is really wanted"),
        ]);
    }
}
