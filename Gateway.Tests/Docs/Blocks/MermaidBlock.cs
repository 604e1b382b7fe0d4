using System.Text.RegularExpressions;

namespace Cortex.Tests.Docs.Blocks;

/// <summary>A picture: of a known kind, with each group ended and each bracket closed, so that GitHub draws it.</summary>
internal sealed partial class MermaidBlock : IBlockRule
{
    private static readonly string[] Kinds = ["flowchart", "graph", "sequenceDiagram", "stateDiagram-v2", "erDiagram", "classDiagram", "timeline"];

    public bool Takes(DocsBlock block) => block.Language == "mermaid";

    public IEnumerable<string> Faults(DocsBlock block)
    {
        var lines = block.Text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && !line.StartsWith("%%", StringComparison.Ordinal)).ToList();
        var kind = lines.FirstOrDefault()?.Split(' ')[0];
        if (!Kinds.Contains(kind))
            yield return $"'{kind}' is no kind of picture: {string.Join(", ", Kinds)}.";
        var groups = lines.Count(line => Group().IsMatch(line));
        if (groups != lines.Count(line => line == "end"))
            yield return $"{groups} groups begin, and {lines.Count(line => line == "end")} end.";
        foreach (var line in lines.Where(line => kind is "flowchart" or "graph" && !IsClosed(line)))
            yield return $"'{line}': a bracket or quote is not closed.";
    }

    private static bool IsClosed(string line)
    {
        var plain = Quoted().Replace(line, "");
        return !plain.Contains('"', StringComparison.Ordinal) && plain.Count(c => c is '[' or '(' or '{') == plain.Count(c => c is ']' or ')' or '}');
    }

    [GeneratedRegex("^(subgraph|loop|alt|opt|par|critical|break|rect|box)\\b")]
    private static partial Regex Group();

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Quoted();
}
