using YamlDotNet.RepresentationModel;

namespace Cortex.Tests.Docs.Blocks;

/// <summary>A workflow of GitHub Actions: its jobs have a runner and steps, and the commands of the steps hold to the rules of commands.</summary>
internal sealed class WorkflowBlock : IBlockRule
{
    public bool Takes(DocsBlock block) => YamlBlocks.IsYaml(block)
        && (block.Kind == "workflow" || YamlBlocks.Roots(block).Any(root => root.Find("jobs") is not null || root.Find("steps") is not null));

    public IEnumerable<string> Faults(DocsBlock block)
    {
        foreach (var root in YamlBlocks.Roots(block))
        {
            foreach (var job in root.Find("jobs") is YamlMappingNode jobs ? jobs.Children.Values : [])
            {
                if (job.Find("runs-on") is null && job.Find("uses") is null)
                    yield return "a job without 'runs-on'.";
            }

            foreach (var step in Steps(root))
            {
                if (step.Find("uses") is null && step.Find("run") is null)
                    yield return "a step without 'uses' and 'run'.";
                if (step.Find("uses") is YamlScalarNode { Value: { } action } && !action.Contains('@', StringComparison.Ordinal) && !action.StartsWith("./", StringComparison.Ordinal))
                    yield return $"the action '{action}' names no version.";
                if (step.Find("run") is YamlScalarNode { Value: { } script } run)
                {
                    foreach (var fault in ShellBlock.FaultsOf(script, block.Line + (int)run.Start.Line))
                        yield return fault;
                }
            }
        }
    }

    private static IEnumerable<YamlNode> Steps(YamlNode root)
    {
        var jobs = root.Find("jobs") is YamlMappingNode map ? map.Children.Values.Append(root) : [root];
        return jobs.SelectMany(job => job.Find("steps") is YamlSequenceNode steps ? steps.Children : []);
    }
}
