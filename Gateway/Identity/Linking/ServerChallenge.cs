using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace Cortex.Identity.Linking;

/// <summary>What the <c>WWW-Authenticate</c> of a server's 401 or 403 says (<see href="https://www.rfc-editor.org/rfc/rfc9728#section-5.1">RFC 9728, section 5.1</see>).</summary>
/// <param name="ResourceMetadata">Address of its metadata, as written; null when it names none.</param>
/// <param name="Scope">Scopes it asks for; null when it names none.</param>
/// <param name="Error">Its error code, such as <c>insufficient_scope</c>; null when it names none.</param>
internal sealed partial record ServerChallenge(string? ResourceMetadata, string? Scope, string? Error = null)
{
    /// <summary>A server that said nothing.</summary>
    public static ServerChallenge None { get; } = new(null, null);

    /// <summary>Reads the first Bearer challenge.</summary>
    public static ServerChallenge Read(IEnumerable<AuthenticationHeaderValue> challenges)
    {
        var bearer = challenges.FirstOrDefault(challenge => challenge.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase));
        if (bearer?.Parameter is not { } text)
            return None;
        string? metadata = null, scope = null, error = null;
        foreach (Match match in Parameters().Matches(text))
        {
            var value = match.Groups["quoted"].Success ? match.Groups["quoted"].Value.Replace("\\", "", StringComparison.Ordinal) : match.Groups["plain"].Value;
            if (match.Groups["name"].Value.Equals("resource_metadata", StringComparison.OrdinalIgnoreCase))
                metadata ??= value;
            else if (match.Groups["name"].Value.Equals("scope", StringComparison.OrdinalIgnoreCase))
                scope ??= value;
            else if (match.Groups["name"].Value.Equals("error", StringComparison.OrdinalIgnoreCase))
                error ??= value;
        }

        return new ServerChallenge(metadata, scope, error);
    }

    [GeneratedRegex("""(?<name>[A-Za-z_]+)\s*=\s*(?:"(?<quoted>(?:[^"\\]|\\.)*)"|(?<plain>[^\s,"]+))""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Parameters();
}
