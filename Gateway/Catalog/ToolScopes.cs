using Cortex.Backends;
using Cortex.Foundation.Model;

namespace Cortex.Catalog;

/// <summary>The scope of a native tool: an exact name first, then the longest glob that matches, then <c>mcp:&lt;backend&gt;</c>.</summary>
internal static class ToolScopes
{
    public static Scope Of(BackendDefinition backend, string tool)
    {
        var scopes = backend.Options.Scopes;
        if (scopes.TryGetValue(tool, out var exact))
            return exact;
        var best = scopes.Keys
            .Where(glob => Matches(glob, tool))
            .OrderByDescending(glob => glob.Count(c => c != '*'))
            .ThenBy(glob => glob, StringComparer.Ordinal)
            .FirstOrDefault();
        return best is null ? backend.DefaultScope : scopes[best];
    }

    /// <summary>Every scope that a tool of the backend may need, whatever it lists.</summary>
    public static ScopeSet All(BackendDefinition backend) => ScopeSet.Of(backend.Options.Scopes.Values.Append(backend.DefaultScope));

    /// <summary>Matches a glob in which <c>*</c> stands for any run of characters, also none.</summary>
    public static bool Matches(ReadOnlySpan<char> glob, ReadOnlySpan<char> text)
    {
        int globAt = 0, textAt = 0, starAt = -1, retryAt = 0;
        while (textAt < text.Length)
        {
            if (globAt < glob.Length && glob[globAt] == '*')
            {
                starAt = globAt++;
                retryAt = textAt;
            }
            else if (globAt < glob.Length && glob[globAt] == text[textAt])
            {
                globAt++;
                textAt++;
            }
            else if (starAt >= 0)
            {
                globAt = starAt + 1;
                textAt = ++retryAt;
            }
            else
            {
                return false;
            }
        }

        return glob[globAt..].Trim('*').IsEmpty;
    }
}
