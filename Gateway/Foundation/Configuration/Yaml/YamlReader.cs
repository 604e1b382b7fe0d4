using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Cortex.Foundation.Configuration.Yaml;

/// <summary>
/// Reads one YAML text into nodes that know their place. Limits: 1 MiB, 32 levels, 100,000 values with aliases written out.
/// Merges (<c>&lt;&lt;</c>), tags and several documents are refused.
/// </summary>
/// <param name="file">The file's name in error messages.</param>
/// <param name="errors">Receives every fault.</param>
/// <param name="kind">What a person would call the text.</param>
internal sealed class YamlReader(string file, List<ConfigurationError> errors, string kind = "file")
{
    /// <summary>Largest file, in bytes.</summary>
    public const int MaxBytes = 1024 * 1024;

    private const int MaxDepth = 32;
    private const int MaxValues = 100_000;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Dictionary<string, Anchored?> _anchors = new(StringComparer.Ordinal);
    private int _values;

    /// <summary>The root map; null when the file cannot be read as one, which <c>errors</c> then explains.</summary>
    /// <param name="content">The text, as UTF-8.</param>
    /// <param name="path">YAML path of the root map.</param>
    public ConfigurationNode.Map? Read(ReadOnlySpan<byte> content, string path = "")
    {
        if (content.Length > MaxBytes)
            return Fail(Whole, path, $"the {kind} is larger than 1 MiB", "Split it, for example into included files");
        string text;
        try
        {
            text = StrictUtf8.GetString(content);
        }
        catch (DecoderFallbackException)
        {
            return Fail(Whole, path, $"the {kind} is not UTF-8 text", "Save it as UTF-8");
        }

        try
        {
            return ReadDocument(text, path);
        }
        catch (ReadingEndsException)
        {
            return null;
        }
        catch (YamlException exception)
        {
            return Fail(At(exception.Start), path, $"the {kind} is not valid YAML: {YamlProblem.Of(exception)}", YamlProblem.Mend);
        }
    }

    private Origin.Place Whole => new(file, 0, 0);

    private ConfigurationNode.Map? ReadDocument(string text, string path)
    {
        var parser = new YamlEvents(text.TrimStart('\uFEFF'));
        parser.Consume<StreamStart>();
        if (!parser.TryConsume<DocumentStart>(out _))
            return Fail(Whole, path, $"the {kind} holds nothing", $"Write at least one key, or remove the {kind}");
        var root = ReadNode(parser, path, new Origin.Place(file, 1, 1), 0).Node;
        parser.Consume<DocumentEnd>();
        if (parser.TryConsume<DocumentStart>(out var second))
            errors.Add(new ConfigurationError(At(second.Start), path, $"the {kind} holds a second YAML document", $"Keep one document a {kind}"));
        return root switch
        {
            ConfigurationNode.Map map => map,
            ConfigurationNode.Scalar { Value: null } => Fail(Whole, path, $"the {kind} holds nothing", $"Write at least one key, or remove the {kind}"),
            _ => Fail(root.Origin, path, $"the {kind} holds {root.Kind} where a map is expected", "Write keys, each as 'key: value'"),
        };
    }

    private Anchored ReadNode(IParser parser, string path, Origin.Place key, int depth)
    {
        var start = At(parser.Current!.Start);
        if (depth > MaxDepth)
            throw End(start, path, $"the {kind} is nested deeper than {MaxDepth} levels", "Write it flatter");
        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            var shared = ReadAlias(alias, path);
            Count(shared.Values, start, path);
            return shared;
        }

        Count(1, start, path);
        if (parser.Current is NodeEvent { Tag: { IsEmpty: false, IsNonSpecific: false } })
            errors.Add(new ConfigurationError(start, path, "YAML tags (!name) are not supported", "Write the value without the tag"));
        var anchor = parser.Current is NodeEvent { Anchor.IsEmpty: false } named ? named.Anchor.Value : null;
        if (anchor is not null)
            _anchors[anchor] = null;
        var read = parser switch
        {
            _ when parser.TryConsume<YamlDotNet.Core.Events.Scalar>(out var scalar) => new Anchored(ReadScalar(scalar, start, key), 1),
            _ when parser.TryConsume<SequenceStart>(out _) => ReadList(parser, path, key, depth),
            _ => ReadMap(parser, path, key, depth),
        };
        if (anchor is not null)
            _anchors[anchor] = read;
        return read;
    }

    private static ConfigurationNode.Scalar ReadScalar(YamlDotNet.Core.Events.Scalar scalar, Origin.Place start, Origin.Place key) =>
        scalar.Style is ScalarStyle.Plain && scalar.Value is "" or "~" or "null" or "Null" or "NULL"
            ? new ConfigurationNode.Scalar(key, null, scalar.Value)
            : new ConfigurationNode.Scalar(start, scalar.Value, scalar.Value);

    private Anchored ReadAlias(AnchorAlias alias, string path)
    {
        if (!_anchors.TryGetValue(alias.Value.Value, out var anchored))
            throw End(At(alias.Start), path, "the alias (*) names an anchor (&) that is not there", "Quote the value if it starts with an asterisk");
        return anchored ?? throw End(At(alias.Start), path, "the alias (*) stands inside its own anchor (&)", "Write the value out");
    }

    private Anchored ReadList(IParser parser, string path, Origin.Place key, int depth)
    {
        var items = new List<ConfigurationNode>();
        var values = 1;
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            var item = ReadNode(parser, YamlPath.Item(path, items.Count), At(parser.Current!.Start), depth + 1);
            items.Add(item.Node);
            values += item.Values;
        }

        return new Anchored(new ConfigurationNode.List(key, items), values);
    }

    private Anchored ReadMap(IParser parser, string path, Origin.Place place, int depth)
    {
        parser.Consume<MappingStart>();
        var entries = new List<MapEntry>();
        var seen = new Dictionary<string, Origin.Place>(StringComparer.Ordinal);
        var values = 1;
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var at = At(parser.Current!.Start);
            if (!parser.TryConsume<YamlDotNet.Core.Events.Scalar>(out var key))
                throw End(at, path, "a key must be a single word", "Write 'key: value'");
            var below = YamlPath.Key(path, key.Value);
            var value = ReadNode(parser, below, at, depth + 1);
            values += value.Values;
            if (key is { Value: "<<", Style: ScalarStyle.Plain })
                errors.Add(new ConfigurationError(at, below, "YAML merges (<<) are not supported", "Write the keys out"));
            else if (key.Value.Length == 0)
                errors.Add(new ConfigurationError(at, path, "a key is empty", "Name it, or remove the line"));
            else if (!seen.TryAdd(key.Value, at))
                errors.Add(new ConfigurationError(at, below, $"the key is here twice, first in line {seen[key.Value].Line}", "Keep one of the two"));
            else
                entries.Add(new MapEntry(key.Value, at, value.Node));
        }

        return new Anchored(new ConfigurationNode.Map(place, entries), values);
    }

    private void Count(int values, Origin.Place at, string path)
    {
        _values += values;
        if (_values > MaxValues)
            throw End(at, path, $"the {kind} holds more than {MaxValues:N0} values with its aliases (*) written out", $"Remove aliases, or split the {kind}");
    }

    private ConfigurationNode.Map? Fail(Origin at, string path, string problem, string mend)
    {
        errors.Add(new ConfigurationError(at, path, problem, mend));
        return null;
    }

    private ReadingEndsException End(Origin.Place at, string path, string problem, string mend)
    {
        errors.Add(new ConfigurationError(at, path, problem, mend));
        return new ReadingEndsException();
    }

    private Origin.Place At(Mark mark) => new(file, (int)mark.Line, (int)mark.Column);

    /// <summary>A node and the number of values it stands for.</summary>
    private sealed record Anchored(ConfigurationNode Node, int Values);

    /// <summary>A fault after which the rest of the file cannot be read; it is already among the errors.</summary>
    private sealed class ReadingEndsException : Exception;
}
