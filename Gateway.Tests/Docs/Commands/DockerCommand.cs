using Cortex.Tests.Docs.Shell;

namespace Cortex.Tests.Docs.Commands;

/// <summary><c>docker</c> and <c>podman</c>: what the gateway's image is given is a command of the gateway; what is built is this repository.</summary>
internal sealed class DockerCommand : ICommandRule
{
    public const string Image = "ghcr.io/wellknownmcp/cortex-gateway";

    private static readonly string[] WithValue =
        ["-p", "--publish", "-v", "--volume", "-e", "--env", "--env-file", "--name", "--mount", "--tmpfs", "-u", "--user", "--network", "--cap-drop", "--security-opt", "--add-host", "--restart", "-w", "--entrypoint"];

    private static readonly string[] WithoutValue = ["--rm", "-d", "--detach", "-it", "-i", "-t", "--read-only", "--init"];

    public bool Takes(ShellCommand command) => command.Program is "docker" or "podman";

    public IEnumerable<string> Faults(ShellCommand command) => command.Arguments.ElementAtOrDefault(0) switch
    {
        "run" => Run([.. command.Arguments.Skip(1)]),
        "build" => command.Words[^1] == "." ? [] : ["the image is built from the folder of this repository: end with '.'."],
        "pull" => IsImage(command.Words[^1]) ? [] : [$"the image is {Image}."],
        "buildx" or "compose" or "logs" or "stop" or "rm" or "ps" => [],
        var verb => [$"'{verb}' is not known to the rule for docker."],
    };

    private static IEnumerable<string> Run(IReadOnlyList<string> words)
    {
        for (var n = 0; n < words.Count; n++)
        {
            var name = words[n].Split('=')[0];
            if (WithoutValue.Contains(name))
                continue;
            if (WithValue.Contains(name))
            {
                n += words[n].Contains('=', StringComparison.Ordinal) ? 0 : 1;
                continue;
            }

            if (name.StartsWith('-'))
                return [$"'{name}' is not known to the rule for docker."];
            if (words[n] == "...")
                continue;
            return IsImage(words[n]) ? GatewayCommand.FaultsOf([.. words.Skip(n + 1)]) : [];
        }

        return ["this runs no image."];
    }

    private static bool IsImage(string image) => image == Image || image.StartsWith($"{Image}:", StringComparison.Ordinal) || image.StartsWith($"{Image}@", StringComparison.Ordinal) || image == "cortex-gateway";
}
