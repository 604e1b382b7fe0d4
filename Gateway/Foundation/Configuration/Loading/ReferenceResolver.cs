using System.Diagnostics.CodeAnalysis;
using System.Text;
using Cortex.Foundation.Configuration.Yaml;

namespace Cortex.Foundation.Configuration.Loading;

/// <summary>
/// Replaces <c>${env:NAME}</c> and <c>${file:/path}</c> in values, also inside longer ones; <c>$${</c> stands for a literal <c>${</c>.
/// A file's trailing line breaks are dropped; it may hold 64 KiB.
/// </summary>
internal sealed class ReferenceResolver(
    SourceReader sources,
    IReadOnlyDictionary<string, string?> environment,
    ResolvedSecrets secrets,
    ReferencePolicy policy,
    List<ConfigurationError> errors)
{
    private const int MaxFileBytes = 64 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The same map with every reference resolved; what cannot be resolved is an error and counts as not written.</summary>
    public ConfigurationNode.Map Resolve(ConfigurationNode.Map map, string path = "") => new(
        map.Origin,
        [.. map.Entries.Select(entry => entry with { Value = Resolve(entry.Value, YamlPath.Key(path, entry.Key)) })]);

    private ConfigurationNode Resolve(ConfigurationNode node, string path) => node switch
    {
        ConfigurationNode.Map map => Resolve(map, path),
        ConfigurationNode.List list => new ConfigurationNode.List(
            list.Origin,
            [.. list.Items.Select((item, index) => Resolve(item, YamlPath.Item(path, index)))]),
        ConfigurationNode.Scalar { Value: { } text } scalar when text.Contains("${", StringComparison.Ordinal) => Resolve(scalar, text, path),
        _ => node,
    };

    private ConfigurationNode.Scalar Resolve(ConfigurationNode.Scalar scalar, string text, string path)
    {
        var result = new StringBuilder();
        var fromOutside = false;
        var resolved = true;
        for (var rest = text.AsSpan(); rest.Length > 0;)
        {
            if (rest.StartsWith("$${"))
            {
                result.Append("${");
                rest = rest[3..];
            }
            else if (rest.StartsWith("${"))
            {
                fromOutside = true;
                var end = rest.IndexOf('}');
                if (TryFind(end < 0 ? "" : rest[2..end].ToString(), out var value, out var problem, out var mend))
                    result.Append(value);
                else
                    errors.Add(new ConfigurationError(scalar.Origin, path, problem, mend));
                resolved &= value is not null;
                rest = end < 0 ? [] : rest[(end + 1)..];
            }
            else
            {
                result.Append(rest[0]);
                rest = rest[1..];
            }
        }

        return new ConfigurationNode.Scalar(scalar.Origin, resolved ? result.ToString() : null, scalar.Written) { FromOutside = fromOutside };
    }

    private bool TryFind(string reference, [NotNullWhen(true)] out string? value, out string problem, out string mend)
    {
        (value, problem, mend) = reference.Split(':', 2) switch
        {
            [("env" or "file") and { } kind, { Length: > 0 } name] when !policy.Allows(kind, name) => Refuse(reference),
            ["env", { Length: > 0 } name] => environment.GetValueOrDefault(name) is { } set
                ? (set, "", "")
                : (null, $"the environment variable '{name}' is not set", $"Set {name} where the gateway starts, or write another reference"),
            ["file", { Length: > 0 } file] => ReadFile(file),
            _ => ((string?)null, "'${' starts no reference that is known", "Write ${env:NAME} or ${file:/path}; for a literal '${' write '$${'"),
        };
        if (value is not null)
            secrets.Add(value);
        return value is not null;
    }

    private (string? Value, string Problem, string Mend) Refuse(string reference)
    {
        var (problem, mend) = policy.Refusal(reference);
        return (null, problem, mend);
    }

    private (string? Value, string Problem, string Mend) ReadFile(string file)
    {
        var mend = $"Put the value into {file}, or write another reference";
        switch (sources.Read(file, MaxFileBytes))
        {
            case SourceContent.Found found:
                try
                {
                    return (StrictUtf8.GetString(found.Bytes).TrimEnd('\r', '\n'), "", "");
                }
                catch (DecoderFallbackException)
                {
                    return (null, $"the file '{file}' is not UTF-8 text", mend);
                }

            case SourceContent.TooLarge large:
                return (null, $"the file '{file}' is larger than {large.MaxBytes / 1024} KiB", mend);
            case SourceContent.Unreadable unreadable:
                return (null, $"the file '{file}' is not usable: {unreadable.Reason}", "Check its permissions");
            default:
                return (null, $"the file '{file}' is not there", mend);
        }
    }
}
