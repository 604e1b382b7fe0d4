using System.CommandLine;
using System.CommandLine.Completions;
using Cortex.Backends;
using Cortex.Foundation.Configuration;

namespace Cortex.Cli.Completion;

/// <summary>Completes the names of the backends that a configuration holds.</summary>
internal static class BackendNames
{
    /// <param name="option">Takes names of backends.</param>
    /// <param name="config">Names the configuration.</param>
    /// <param name="sections">The root keys of the configuration.</param>
    public static void Complete(Option option, Option<string> config, IReadOnlyList<ConfigurationSection> sections) =>
        option.CompletionSources.Add(context => Find(context, config, sections));

    private static IEnumerable<CompletionItem> Find(CompletionContext context, Option<string> config, IReadOnlyList<ConfigurationSection> sections)
    {
        try
        {
            var file = context.ParseResult.GetValue(config) ?? ConfigOption.DefaultFile;
            var configuration = LiveConfiguration.Load(file, sections, ProcessEnvironment.Read());
            return [.. configuration.Get<BackendsOptions>().Keys.Order(StringComparer.Ordinal).Select(name => new CompletionItem(name))];
        }
        catch (ConfigurationException)
        {
            // 'cortex check' says what is wrong; a shell in the middle of a line can't.
            return [];
        }
    }
}
