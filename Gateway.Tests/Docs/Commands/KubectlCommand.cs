using Cortex.Tests.Clients;
using Cortex.Tests.Docs.Shell;

namespace Cortex.Tests.Docs.Commands;

/// <summary><c>kubectl</c>: a known verb; what runs inside a pod of the gateway holds to the rules of commands.</summary>
internal sealed class KubectlCommand : ICommandRule
{
    private static readonly string[] Verbs =
        ["create", "apply", "get", "describe", "delete", "logs", "exec", "rollout", "scale", "port-forward", "label", "annotate", "patch", "wait", "run", "auth", "cp", "top", "edit"];

    public bool Takes(ShellCommand command) => command.Program == "kubectl";

    public IEnumerable<string> Faults(ShellCommand command)
    {
        var words = command.Words;
        var verb = words.Skip(1).SkipWhile(word => word.StartsWith('-')).FirstOrDefault();
        if (words is [_, "-n" or "--namespace" or "--context", _, var after, ..])
            verb = after;
        if (!Verbs.Contains(verb))
            return [$"'{verb}' is not known to the rule for kubectl."];
        var inner = words.SkipWhile(word => word != "--").Skip(1).ToList();
        if (verb == "exec")
            return inner.Count > 0 ? CommandRules.FaultsOf(command.With(inner)) : ["what runs in the pod stands behind '--'."];

        // A file of this repository must be there; any other is the reader's own.
        return words.Where((word, n) => n > 0 && words[n - 1] is "-f" or "--filename" && word.Contains('/', StringComparison.Ordinal) && !word.Contains(':', StringComparison.Ordinal))
            .Where(file => !Path.Exists(Repository.PathOf(file))).Select(file => $"'{file}' is not in this repository.");
    }
}
