using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Cortex.Tests.Docs.Blocks;

/// <summary>Reads the YAML of a block, to tell whose it is.</summary>
internal static class YamlBlocks
{
    public static bool IsYaml(DocsBlock block) => block.Language is "yaml" or "yml";

    /// <summary>The root objects of its documents; none where it is no YAML, which the rule of the gateway's configuration then tells.</summary>
    public static IReadOnlyList<YamlMappingNode> Roots(DocsBlock block)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(block.Text));
            return [.. stream.Documents.Select(document => document.RootNode).OfType<YamlMappingNode>()];
        }
        catch (YamlException)
        {
            return [];
        }
    }

    public static YamlNode? Find(this YamlNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var key in path)
            node = node is YamlMappingNode map && map.Children.TryGetValue(key, out var child) ? child : null;
        return node;
    }
}
