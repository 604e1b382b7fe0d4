using System.Text;
using System.Text.RegularExpressions;
using Cortex.Tests.Clients;

namespace Cortex.Tests.Docs;

/// <summary>A page of the documentation: its blocks, and what its prose says outside them.</summary>
/// <param name="Path">Its path in the repository, with slashes.</param>
/// <param name="Blocks">Its fenced blocks.</param>
/// <param name="Prose">Its other lines with their numbers, from 1.</param>
internal sealed partial record DocsPage(string Path, IReadOnlyList<DocsBlock> Blocks, IReadOnlyList<(int Line, string Text)> Prose)
{
    /// <summary>Code within the prose, with its line.</summary>
    public IEnumerable<(int Line, string Code)> InlineCode => Prose.SelectMany(line => Code().Matches(line.Text).Select(code => (line.Line, code.Groups["text"].Value)));

    /// <summary>Targets of its links, with their lines.</summary>
    public IEnumerable<(int Line, string Target)> Links => Prose.SelectMany(line => Link().Matches(Code().Replace(line.Text, "``")).Select(link => (line.Line, link.Groups["target"].Value)));

    /// <summary>What links may name behind <c>#</c>: its headings as GitHub writes them.</summary>
    public IReadOnlySet<string> Anchors
    {
        get
        {
            var found = new HashSet<string>(StringComparer.Ordinal);
            foreach (var heading in Prose.Select(line => Heading().Match(line.Text)).Where(match => match.Success))
            {
                var slug = Slug(heading.Groups["text"].Value);
                for (var (anchor, n) = (slug, 1); !found.Add(anchor); n++)
                    anchor = $"{slug}-{n}";
            }

            return found;
        }
    }

    /// <summary>Reads a page of the repository.</summary>
    public static DocsPage Read(string path) => Parse(path, File.ReadAllText(Repository.PathOf(path.Split('/'))));

    /// <exception cref="FormatException">A block has no end.</exception>
    public static DocsPage Parse(string path, string markdown)
    {
        var blocks = new List<DocsBlock>();
        var prose = new List<(int, string)>();
        var lines = markdown.ReplaceLineEndings("\n").Split('\n');
        for (var n = 0; n < lines.Length; n++)
        {
            if (Fence().Match(lines[n]) is not { Success: true } fence)
            {
                prose.Add((n + 1, lines[n]));
                continue;
            }

            var (first, indent) = (n, fence.Groups["indent"].Length);
            var text = new StringBuilder();
            while (++n < lines.Length && lines[n].Trim() != fence.Groups["ticks"].Value)
                text.Append(lines[n].Length >= indent ? lines[n][indent..] : lines[n].TrimStart()).Append('\n');
            if (n == lines.Length)
                throw new FormatException($"{path}:{first + 1}: this block has no end.");
            var words = fence.Groups["words"].Value.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            blocks.Add(new DocsBlock(path, first + 1, words.ElementAtOrDefault(0) ?? "", words.ElementAtOrDefault(1) ?? "", text.ToString()));
        }

        return new DocsPage(path, blocks, prose);
    }

    public override string ToString() => Path;

    private static string Slug(string heading) =>
        string.Concat(LinkText().Replace(heading, "${text}").Trim().ToLowerInvariant().Where(c => char.IsLetterOrDigit(c) || c is '-' or '_' or ' ')).Replace(' ', '-');

    [GeneratedRegex("^(?<indent> *)(?<ticks>```+)(?<words>[^`]*)$")]
    private static partial Regex Fence();

    [GeneratedRegex("^#{1,6} +(?<text>.+?)#*$")]
    private static partial Regex Heading();

    [GeneratedRegex("(?<!`)(?<ticks>`+)(?!`)(?<text>.+?)(?<!`)\\k<ticks>(?!`)")]
    private static partial Regex Code();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)[^)]*\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\[(?<text>[^\]]*)\]\([^)]*\)")]
    private static partial Regex LinkText();
}
