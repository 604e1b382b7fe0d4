using Cortex.Tests.Docs.Shell;

namespace Cortex.Tests.Docs.Commands;

/// <summary><c>claude mcp …</c>: Claude Code's own options, and an address of the gateway or a command behind <c>--</c>.</summary>
internal sealed class ClaudeCommand : ICommandRule
{
    private static readonly string[] WithValue =
        ["-t", "--transport", "-s", "--scope", "-H", "--header", "-e", "--env", "--client-id", "--callback-port"];

    private static readonly string[] Verbs = ["list", "get", "remove", "add-json", "reset-project-choices", "login", "logout"];

    public bool Takes(ShellCommand command) => command.Program == "claude";

    public IEnumerable<string> Faults(ShellCommand command)
    {
        if (command.Words is not [_, "mcp", var verb, ..])
            return command.Words.Count == 1 || command.Words[1].StartsWith('-') ? [] : ["only 'claude', its options and 'claude mcp' are known to the rule for claude."];
        return verb == "add" ? Add(command) : Verbs.Contains(verb) ? [] : [$"'claude mcp {verb}' is not known to the rule for claude."];
    }

    private static IEnumerable<string> Add(ShellCommand command)
    {
        var words = command.Words.Skip(3).TakeWhile(word => word != "--").ToList();
        var inner = command.Words.SkipWhile(word => word != "--").Skip(1).ToList();
        var plain = new List<string>();
        var options = new Dictionary<string, string?>(StringComparer.Ordinal);
        for (var n = 0; n < words.Count; n++)
        {
            if (WithValue.Contains(words[n]))
                options[words[n]] = words.ElementAtOrDefault(++n);
            else if (words[n] == "--client-secret")
                options[words[n]] = null;
            else if (words[n].StartsWith('-'))
                return [$"'{words[n]}' is no option of 'claude mcp add'."];
            else
                plain.Add(words[n]);
        }

        var transport = options.GetValueOrDefault("-t") ?? options.GetValueOrDefault("--transport") ?? "stdio";
        var scope = options.GetValueOrDefault("-s") ?? options.GetValueOrDefault("--scope") ?? "local";
        if (scope is not ("local" or "user" or "project"))
            return [$"the scope '{scope}' is none of local, user, project."];
        return (transport, inner.Count) switch
        {
            ("http", 0) => plain is [_, var address] ? McpAddress.IsOne(address) ? [] : [McpAddress.Fault(address)] : ["it needs a name and an address."],
            ("stdio", > 0) => plain.Count == 1 ? CommandRules.FaultsOf(command.With(inner)) : ["it needs one name before '--'."],
            _ => [$"'--transport {transport}': the gateway is 'http' with an address, or 'stdio' with a command behind '--'."],
        };
    }
}
