using Cortex.Identity.Callers;

namespace Cortex.Identity.AuthorizationServer.SignIn.Oidc;

/// <summary>Whether a provider's person may come in.</summary>
internal static class ProviderAdmission
{
    /// <summary>Why not, in words for the person; null when they may.</summary>
    public static string? FindRefusal(ProviderOptions provider, PersonClaims claims)
    {
        var verified = claims is { EmailVerified: true, Email: { } email } ? email : null;
        if (verified is null && (provider.RequireVerifiedEmail || provider.AllowedDomains.Count > 0))
            return "An e-mail address that your provider has verified is needed here, and it told none.";
        if (verified is null || provider.AllowedDomains.Count == 0)
            return null;
        var domain = verified[(verified.LastIndexOf('@') + 1)..];
        return provider.AllowedDomains.Contains(domain, StringComparer.OrdinalIgnoreCase) ? null : $"People of {domain} can't sign in here.";
    }
}
