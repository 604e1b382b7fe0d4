using YamlDotNet.RepresentationModel;

namespace Cortex.Tests.Conformance;

/// <summary>The scenarios that a revision asks of a server, from the suite's own frozen list <c>requirements/{revision}.yaml</c>.</summary>
/// <param name="Scored">What conformance requires.</param>
/// <param name="Unscored">What is run and reported only: extensions, and what was added later.</param>
internal sealed record RequirementList(IReadOnlyList<string> Scored, IReadOnlyList<string> Unscored)
{
    public static RequirementList Read(string file)
    {
        using var reader = new StreamReader(file);
        var yaml = new YamlStream();
        yaml.Load(reader);
        var root = (YamlMappingNode)yaml.Documents[0].RootNode;
        return new RequirementList(
            [.. ((YamlSequenceNode)root["server"]).Select(node => ((YamlScalarNode)node).Value!)],
            [
                .. ((YamlSequenceNode)root["not_scored"]).Cast<YamlMappingNode>()
                    .Where(entry => ((YamlScalarNode)entry["leg"]).Value == "server")
                    .Select(entry => ((YamlScalarNode)entry["scenario"]).Value!),
            ]);
    }
}
