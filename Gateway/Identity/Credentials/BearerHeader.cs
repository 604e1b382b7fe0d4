using Cortex.Foundation.Model;
using Microsoft.Net.Http.Headers;

namespace Cortex.Identity.Credentials;

/// <summary>A token as a header (<see href="https://www.rfc-editor.org/rfc/rfc6750#section-2.1">RFC 6750</see>).</summary>
internal static class BearerHeader
{
    private const string Scheme = "Bearer ";

    public static KeyValuePair<string, string> Of(string token) => new(HeaderNames.Authorization, Scheme + token);

    /// <summary>The token in a credential made by <see cref="Of"/>.</summary>
    public static Secret TokenOf(CredentialResult.Granted credential) =>
        new(credential.Headers.First(header => header.Key == HeaderNames.Authorization).Value[Scheme.Length..]);

    /// <summary>The token of an inbound request; null when it carries none.</summary>
    public static string? TokenOf(HttpContext? request) =>
        request?.Request.Headers.Authorization is [{ } value] && value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? value[Scheme.Length..].Trim() : null;
}
