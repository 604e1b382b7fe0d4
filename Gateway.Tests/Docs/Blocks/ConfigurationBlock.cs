using System.Text.RegularExpressions;
using Cortex.Foundation.Configuration;

namespace Cortex.Tests.Docs.Blocks;

/// <summary>YAML without another owner is a configuration that the gateway takes.</summary>
internal sealed partial class ConfigurationBlock : IBlockRule
{
    /// <summary>Good wherever a secret may stand: as text, as a key of a vault and as the secret of a webhook.</summary>
    private const string Webhook = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    private const string Text = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    public bool Takes(DocsBlock block) => YamlBlocks.IsYaml(block) && block.Kind.Length == 0;

    public IEnumerable<string> Faults(DocsBlock block)
    {
        var folder = Directory.CreateTempSubdirectory("cortex-docs-").FullName;
        try
        {
            var secret = Path.Combine(folder, "secret");
            File.WriteAllText(secret, Text);
            var file = Path.Combine(folder, "cortex.yaml");
            File.WriteAllText(file, FileReference().Replace(block.Text, $"${{file:{secret}}}"));
            var environment = EnvironmentReference().Matches(block.Text).Select(reference => reference.Groups["name"].Value).Distinct()
                .ToDictionary(name => name, string? (name) => name.Contains("WEBHOOK", StringComparison.Ordinal) ? Webhook : Text);
            return [.. LiveConfiguration.Load(file, Sections.All, environment).Status.Errors.Select(error => Told(error.ToString(), folder))];
        }
        catch (ConfigurationException exception)
        {
            return [$"the gateway refuses this configuration (write 'yaml values' or 'yaml kubernetes' behind the fence if it is for something else): {Told(exception.Message, folder)}"];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Told(string error, string folder) => error.Replace($"{folder}{Path.DirectorySeparatorChar}", "", StringComparison.Ordinal);

    [GeneratedRegex(@"\$\{file:[^}]*\}")]
    private static partial Regex FileReference();

    [GeneratedRegex(@"\$\{env:(?<name>[A-Za-z0-9_]+)\}")]
    private static partial Regex EnvironmentReference();
}
