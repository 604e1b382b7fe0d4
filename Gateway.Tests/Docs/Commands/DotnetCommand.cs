using Cortex.Tests.Clients;
using Cortex.Tests.Docs.Shell;

namespace Cortex.Tests.Docs.Commands;

/// <summary><c>dotnet</c>: what is built, tested or run is there, and what the gateway is given is a command of the gateway.</summary>
internal sealed class DotnetCommand : ICommandRule
{
    public bool Takes(ShellCommand command) => command.Program == "dotnet";

    public IEnumerable<string> Faults(ShellCommand command)
    {
        var arguments = command.Arguments;
        if (arguments is [var program, ..] && Path.GetFileName(program) == "Gateway.dll")
            return GatewayCommand.FaultsOf([.. arguments.Skip(1)]);
        return arguments.ElementAtOrDefault(0) switch
        {
            "run" => Run(arguments),
            "build" or "test" or "restore" or "format" or "publish" => Existing(arguments.ElementAtOrDefault(1)),
            var verb => [$"'{verb}' is not known to the rule for dotnet."],
        };
    }

    private static IEnumerable<string> Run(IReadOnlyList<string> arguments)
    {
        var end = arguments.ToList().IndexOf("--");
        var own = end < 0 ? arguments : [.. arguments.Take(end)];
        var project = own.SkipWhile(word => word is not ("--project" or "-p")).ElementAtOrDefault(1);
        if (project is null)
            return Existing(own.ElementAtOrDefault(1));
        return project == "Gateway"
            ? GatewayCommand.FaultsOf([.. arguments.Skip(end < 0 ? arguments.Count : end + 1)])
            : Existing(project);
    }

    private static IEnumerable<string> Existing(string? path) => path is null || path.StartsWith('-') || Path.Exists(Repository.PathOf(path)) ? [] : [$"'{path}' is not in this repository."];
}
