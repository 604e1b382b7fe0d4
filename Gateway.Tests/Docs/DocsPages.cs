using Cortex.Tests.Clients;

namespace Cortex.Tests.Docs;

/// <summary>The pages of the documentation: all that says to a reader what to type, set or expect.</summary>
internal static class DocsPages
{
    private static readonly string[] Single =
        ["README.md", "AGENTS.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "llms.txt", "samples/README.md", "charts/cortex/README.md", "config/backends.d/README.md"];

    public static IReadOnlyList<DocsPage> All { get; } =
    [
        .. Directory.EnumerateFiles(Repository.PathOf("docs"), "*.md", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.PathOf(), file).Replace('\\', '/')).Order(StringComparer.Ordinal).Concat(Single).Select(DocsPage.Read),
    ];

    /// <summary>All blocks, as cases of a test that are named by page and line.</summary>
    public static IEnumerable<DocsBlock> Blocks => All.SelectMany(page => page.Blocks);
}
