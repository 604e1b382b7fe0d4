using System.CommandLine;
using Cortex.Foundation.Configuration.Schema;

namespace Cortex.Cli;

/// <summary><c>cortex schema [--reference]</c>: prints the JSON Schema of the configuration, or every key with its default.</summary>
internal static class SchemaCommand
{
    public static Command Create(CommandActions actions)
    {
        var reference = new Option<bool>("--reference") { Description = "Print every key with its default and a comment, as YAML." };
        var command = new Command("schema", "Print the JSON Schema of the configuration, for editors.") { reference };
        command.SetAction(async (parse, _) =>
        {
            var text = parse.GetValue(reference) ? new ReferenceWriter(actions.Sections).Write() : new SchemaWriter(actions.Sections).Write();
            await parse.InvocationConfiguration.Output.WriteAsync(text);
            return 0;
        });
        return command;
    }
}
