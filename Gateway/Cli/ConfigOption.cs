using System.CommandLine;

namespace Cortex.Cli;

/// <summary>Options that several commands take.</summary>
internal static class ConfigOption
{
    public const string DefaultFile = "config/cortex.yaml";

    public static Option<string> Create() => Text("--config", "FILE", "The configuration file.", DefaultFile);

    /// <summary>An option with one value, which cannot be another option by mistake.</summary>
    public static Option<string> Text(string name, string helpName, string description, string? defaultValue = null)
    {
        var option = new Option<string>(name) { HelpName = helpName, Description = description };
        if (defaultValue is not null)
            option.DefaultValueFactory = _ => defaultValue;
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: ['-', ..] or "" }, ..])
                result.AddError($"Option '{name}' needs a value (was '{result.Tokens[0].Value}').");
        });
        return option;
    }
}
