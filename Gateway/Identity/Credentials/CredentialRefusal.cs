using System.Net;
using Cortex.Identity.Linking;

namespace Cortex.Identity.Credentials;

/// <summary>What a backend says against the credential of a call.</summary>
/// <remarks><see href="https://www.rfc-editor.org/rfc/rfc6750#section-3.1"/></remarks>
internal abstract record CredentialRefusal
{
    /// <summary>Longest list of scopes that is taken over.</summary>
    private const int MaxScopeText = 1000;

    private CredentialRefusal()
    {
    }

    /// <summary>401: the credential does not count.</summary>
    public sealed record NotAccepted : CredentialRefusal
    {
        public static NotAccepted Instance { get; } = new();
    }

    /// <summary>403 <c>insufficient_scope</c>: it counts, but not for this.</summary>
    /// <param name="Scopes">The scopes of the provider that the call needs.</param>
    public sealed record ScopesMissing(IReadOnlyList<string> Scopes) : CredentialRefusal;

    /// <summary>Reads the head of a reply; null when it says nothing against the credential that another one could mend.</summary>
    public static CredentialRefusal? Read(HttpResponseMessage reply)
    {
        if (reply.StatusCode == HttpStatusCode.Unauthorized)
            return NotAccepted.Instance;
        if (reply.StatusCode != HttpStatusCode.Forbidden
            || ServerChallenge.Read(reply.Headers.WwwAuthenticate) is not { Error: "insufficient_scope", Scope: { Length: <= MaxScopeText } text })
            return null;
        string[] scopes = [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];
        return scopes.Length > 0 && Array.TrueForAll(scopes, scope => scope.All(c => c is > ' ' and <= '~' and not '"' and not '\\'))
            ? new ScopesMissing(scopes)
            : null;
    }
}
