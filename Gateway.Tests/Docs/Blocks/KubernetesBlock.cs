using k8s;
using YamlDotNet.Core;

namespace Cortex.Tests.Docs.Blocks;

/// <summary>Objects of Kubernetes: those of kinds that the client library knows have no unknown and no mistyped member.</summary>
internal sealed class KubernetesBlock : IBlockRule
{
    public bool Takes(DocsBlock block) => YamlBlocks.IsYaml(block)
        && (block.Kind == "kubernetes" || YamlBlocks.Roots(block).Any(root => root.Find("apiVersion") is not null || root.Find("metadata") is not null));

    public IEnumerable<string> Faults(DocsBlock block)
    {
        var roots = YamlBlocks.Roots(block);
        if (roots.Count == 0)
            return ["this is no YAML object."];

        // A part of an object, such as its metadata alone, tells no kind; objects of other makers tell one that is theirs.
        if (roots.Any(root => root.Find("apiVersion") is null || root.Find("kind") is null))
            return block.Kind == "kubernetes" ? [] : ["an object of Kubernetes needs 'apiVersion' and 'kind'; write 'yaml kubernetes' behind the fence where only a part of one is shown."];
        try
        {
            KubernetesYaml.LoadAllFromString(block.Text, null, strict: true);
            return [];
        }
        catch (Exception exception) when (exception is YamlException or KeyNotFoundException)
        {
            return exception is KeyNotFoundException ? [] : [$"Kubernetes would refuse this: {exception.InnerException?.Message ?? exception.Message}"];
        }
    }
}
