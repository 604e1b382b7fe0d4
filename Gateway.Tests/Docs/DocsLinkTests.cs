using Cortex.Tests.Clients;
using NUnit.Framework;

namespace Cortex.Tests.Docs;

/// <summary>Links of the documentation lead somewhere, and each page is found from the first one.</summary>
internal sealed class DocsLinkTests
{
    private static IEnumerable<DocsPage> Pages => DocsPages.All;

    [TestCaseSource(nameof(Pages))]
    public void Links_lead_to_files_and_headings(DocsPage page) =>
        Assert.That(page.Links.Where(link => !IsElsewhere(link.Target)).Select(link => Fault(page, link.Target) is { } fault ? $"{page}:{link.Line}: {fault}" : null).OfType<string>(), Is.Empty);

    [TestCaseSource(nameof(Pages))]
    public void Links_to_other_sites_are_https(DocsPage page) => Assert.That(
        page.Links.Where(link => IsElsewhere(link.Target) && !link.Target.StartsWith("https://", StringComparison.Ordinal) && !link.Target.StartsWith("mailto:", StringComparison.Ordinal))
            .Select(link => $"{page}:{link.Line}: {link.Target}"),
        Is.Empty);

    [Test]
    public void Every_page_is_found_from_the_first()
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var next = new Queue<string>(["README.md", "docs/README.md"]);
        while (next.TryDequeue(out var path))
        {
            if (found.Add(path) && DocsPages.All.FirstOrDefault(page => page.Path == path) is { } page)
            {
                foreach (var (_, target) in page.Links.Where(link => !IsElsewhere(link.Target)))
                    next.Enqueue(Resolve(page, target.Split('#')[0]));
            }
        }

        Assert.That(
            DocsPages.All.Select(page => page.Path).Where(path => path.StartsWith("docs/", StringComparison.Ordinal) && !found.Contains(path)),
            Is.Empty,
            "These pages are linked from nowhere: add them to docs/README.md.");
    }

    private static bool IsElsewhere(string target) => target.Contains(':', StringComparison.Ordinal);

    private static string? Fault(DocsPage page, string target)
    {
        var parts = target.Split('#', 2);
        var path = Resolve(page, parts[0]);
        if (!Path.Exists(Repository.PathOf(path)))
            return $"'{target}' leads to no file: {path} is not there.";
        if (parts.Length == 1 || !path.EndsWith(".md", StringComparison.Ordinal))
            return null;
        var anchors = (DocsPages.All.FirstOrDefault(other => other.Path == path) ?? DocsPage.Read(path)).Anchors;
        return anchors.Contains(parts[1]) ? null : $"'{target}' leads to no heading. There are: {string.Join(", ", anchors)}.";
    }

    /// <summary>The path in the repository that a link of a page names; the page itself where it names none.</summary>
    private static string Resolve(DocsPage page, string target) => target.Length == 0
        ? page.Path
        : Path.GetRelativePath(Repository.PathOf(), Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Repository.PathOf(page.Path))!, target))).Replace('\\', '/');
}
