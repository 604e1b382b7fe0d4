using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Cortex.Cli.Usage;

/// <summary>The usual help, under the product's name, with examples at its end.</summary>
internal sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
{
    private const string Program = "cortex";

    /// <summary>Who asks for help need not have typed the rest.</summary>
    public override bool ClearsParseErrors => true;

    /// <summary>Puts itself in the place of the usual help.</summary>
    public static void Apply(RootCommand root)
    {
        foreach (var option in root.Options.OfType<HelpOption>())
            option.Action = new HelpWithExamples((HelpAction)option.Action!);
    }

    public override int Invoke(ParseResult parseResult)
    {
        var streams = parseResult.InvocationConfiguration;
        var output = streams.Output;
        using var text = new StringWriter();
        streams.Output = text;
        try
        {
            usual.Invoke(parseResult);
        }
        finally
        {
            streams.Output = output;
        }

        var command = parseResult.CommandResult.Command;
        var root = parseResult.RootCommandResult.Command;
        output.Write(text.ToString().TrimEnd().Replace($"  {root.Name} ", $"  {Program} ", StringComparison.Ordinal));
        output.WriteLine();
        if (CommandExamples.Of(CommandTree.Walk(root).First(known => known.Command == command).Path) is not [_, ..] examples)
            return 0;
        output.WriteLine($"{Environment.NewLine}{(examples.Count == 1 ? "Example:" : "Examples:")}");
        foreach (var example in examples)
            output.WriteLine($"  {example}");
        return 0;
    }
}
