using Cortex.Foundation.Configuration;

namespace Cortex.Identity.Callers;

/// <summary>Checks how clients may make themselves known.</summary>
internal static class RegistrationValidator
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(5);

    // A refresh token lives for two weeks.
    private static readonly TimeSpan ShortestUnused = TimeSpan.FromDays(15);

    public static void Validate(AuthorizationServerOptions options, SectionValidation validation)
    {
        const string path = "identity.authorizationServer";
        if (options.Registration.FirstUseWithin < Shortest)
            validation.Error($"{path}.registration.firstUseWithin", "the time is too short for a person to sign in", "Write 5m or more");
        if (options.Registration.UnusedFor < ShortestUnused)
            validation.Error($"{path}.registration.unusedFor", "refresh tokens live longer than that", "Write 15d or more");
        foreach (var host in options.ClientMetadata.AllowedHosts)
        {
            var name = host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host;
            if (Uri.CheckHostName(name) != UriHostNameType.Dns || !System.Text.Ascii.IsValid(name))
                validation.Error($"{path}.clientMetadata.allowedHosts", $"'{host}' is not a host name", "Write a name such as claude.ai, or *.example.com for every subdomain");
        }
    }
}
