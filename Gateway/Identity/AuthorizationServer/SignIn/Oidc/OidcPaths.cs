namespace Cortex.Identity.AuthorizationServer.SignIn.Oidc;

/// <summary>Names and addresses of the sign-in by a provider.</summary>
internal static class OidcPaths
{
    private const string Root = ServerPaths.SignIn + "/oidc";

    /// <summary>Where the button posts to.</summary>
    public const string StartPattern = Root + "/{provider}/start";

    /// <summary>The authentication scheme of a provider.</summary>
    public static string Scheme(string provider) => $"Cortex.Oidc.{provider}";

    public static string Start(string provider) => $"{Root}/{provider}/start";

    /// <summary>Path of the redirect URI, a different one for each provider: an answer can't be passed off as another provider's.</summary>
    public static string Callback(string provider) => $"{Root}/{provider}";

    /// <summary>Where nobody comes: the gateway ends no session at a provider.</summary>
    public static string SignedOut(string provider) => $"{Root}/{provider}/signed-out";
}
