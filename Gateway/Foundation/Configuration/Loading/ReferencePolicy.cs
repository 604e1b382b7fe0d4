using System.IO.Enumeration;

namespace Cortex.Foundation.Configuration.Loading;

/// <summary>
/// Which references may be used: in the main file any, in an included one those of <c>gateway.includeReferences</c>, in what announces itself none.
/// Whoever writes those chooses where the values go, and must not get at the secrets of the gateway or of other teams by naming them.
/// </summary>
internal sealed class ReferencePolicy
{
    private readonly IReadOnlyList<string>? _patterns;
    private readonly string _baseDirectory;

    private ReferencePolicy(IReadOnlyList<string>? patterns, string baseDirectory) => (_patterns, _baseDirectory) = (patterns, baseDirectory);

    /// <summary>Everything is allowed.</summary>
    public static ReferencePolicy Any { get; } = new(null, "");

    /// <summary>Nothing is allowed.</summary>
    public static ReferencePolicy None { get; } = new([], "");

    /// <summary>The policy of one included file.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="patterns">What <c>gateway.includeReferences</c> says.</param>
    /// <param name="baseDirectory">Folder that relative paths count from.</param>
    public static ReferencePolicy Of(string file, IReadOnlyList<string> patterns, string baseDirectory) => new(
        [.. patterns.Select(pattern => pattern.Replace("{file}", Path.GetFileNameWithoutExtension(file), StringComparison.Ordinal))], baseDirectory);

    /// <summary>True when the file may use <c>${env:name}</c> or <c>${file:name}</c>.</summary>
    public bool Allows(string kind, string name) => _patterns is null || _patterns.Any(pattern => pattern.Split(':', 2) switch
    {
        ["env", var names] => kind == "env" && FileSystemName.MatchesSimpleExpression(names, name, ignoreCase: false),
        ["file", var paths] => kind == "file" && MatchesPath(Path.GetFullPath(paths, _baseDirectory), Path.GetFullPath(name, _baseDirectory)),
        _ => false,
    });

    /// <summary>Why a reference is refused, and what to do about it.</summary>
    public (string Problem, string Mend) Refusal(string reference) => this == None
        ? ($"what announces itself may not use '${{{reference}}}'", "Leave it out, or let an operator write the backend into a file")
        : ($"an included file may not use '${{{reference}}}'", $"Let an operator add '{reference}', or a pattern for it, to gateway.includeReferences in the main file, or move the backend there");

    private static bool MatchesPath(string pattern, string path) =>
        Path.GetDirectoryName(pattern) == Path.GetDirectoryName(path)
        && FileSystemName.MatchesSimpleExpression(Path.GetFileName(pattern), Path.GetFileName(path), ignoreCase: false);
}
