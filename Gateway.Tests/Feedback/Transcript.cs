using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Cortex.Tests.Feedback;

/// <summary>Writes down what was said, as Markdown. Ids and moments, which are others at each run, get names: the first ticket is <c>t_1</c>.</summary>
internal sealed partial class Transcript
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly StringBuilder _text = new();
    private readonly Dictionary<string, string> _names = [];

    public void Say(string text) => _text.Append(text).Append("\n\n");

    public void Json(string caption, JsonNode? json) => Say($"{caption}\n```json\n{json?.ToJsonString(Indented) ?? "null"}\n```");

    /// <summary>All of it, with the names.</summary>
    public override string ToString()
    {
        var named = Moment().Replace(_text.ToString(), "2026-11-22T10:00:00Z");
        return Id().Replace(named, found => NameOf(found.Value, found.Groups["kind"].Value)).TrimEnd('\n') + "\n";
    }

    private string NameOf(string id, string kind)
    {
        if (!_names.TryGetValue(id, out var name))
        {
            var prefix = kind.Length > 0 ? kind : "id_";
            name = prefix + (_names.Values.Count(known => known.StartsWith(prefix, StringComparison.Ordinal)) + 1);
            _names.Add(id, name);
        }

        return name;
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")]
    private static partial Regex Moment();

    [GeneratedRegex(@"\b(?<kind>t_)[A-Za-z0-9_-]{22}(?![A-Za-z0-9_-])|\b(?<kind>[np]_)[0-9a-f]{32}\b|\b[0-9a-f]{32}\b")]
    private static partial Regex Id();
}
