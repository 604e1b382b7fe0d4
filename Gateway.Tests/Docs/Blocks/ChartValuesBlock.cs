using YamlDotNet.RepresentationModel;

namespace Cortex.Tests.Docs.Blocks;

/// <summary>
/// Values of the Helm chart, <c>yaml values</c> behind the fence or a first line <c># values.yaml</c>: each key is one of the chart's. What renders from
/// those marked behind the fence is held by the tests of the chart.
/// </summary>
internal sealed class ChartValuesBlock : IBlockRule
{
    public bool Takes(DocsBlock block) => YamlBlocks.IsYaml(block)
        && (block.Kind == "values" || (block.Text.StartsWith('#') && block.Text.Split('\n')[0].Contains("values", StringComparison.OrdinalIgnoreCase)));

    public IEnumerable<string> Faults(DocsBlock block)
    {
        var roots = YamlBlocks.Roots(block);
        return roots.Count == 0
            ? ["this is no YAML object."]
            : roots.SelectMany(root => Paths(root, [])).Where(path => !SchemaKeys.Chart.Contains(path))
                .Select(path => $"charts/cortex/values.schema.json knows no '{string.Join('.', path)}'. Mend the key, or the schema.");
    }

    private static IEnumerable<IReadOnlyList<string>> Paths(YamlNode node, IReadOnlyList<string> path) => node switch
    {
        YamlMappingNode { Children.Count: > 0 } map => map.Children.SelectMany(child => Paths(child.Value, [.. path, ((YamlScalarNode)child.Key).Value ?? ""])),
        YamlSequenceNode { Children.Count: > 0 } list => list.Children.SelectMany(child => Paths(child, path)),
        _ => [path],
    };
}
