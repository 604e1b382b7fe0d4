using System.Buffers;
using System.Text.Json;

namespace Cortex.Catalog;

/// <summary>One property that clients repeat in a header.</summary>
/// <param name="Path">The names that lead to it from the arguments down.</param>
/// <param name="Header">What follows <c>Mcp-Param-</c> in the name of the header.</param>
internal sealed record MirroredProperty(IReadOnlyList<string> Path, string Header);

/// <summary>
/// Finds the annotations <c>x-mcp-header</c> of one tool and holds them against the rules: a header name, used once whatever its case, on a string,
/// integer or boolean that <c>properties</c> alone lead to.
/// </summary>
internal sealed class MirroredSchema
{
    /// <summary>Most headers that one tool may ask for; servers take about a hundred in all.</summary>
    private const int MaxHeaders = 64;

    private const string Annotation = "x-mcp-header";

    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private readonly List<MirroredProperty> _properties = [];
    private readonly HashSet<string> _headers = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _path = [];
    private string? _fault;

    private MirroredSchema()
    {
    }

    /// <summary>Reads a tool as its backend offers it.</summary>
    /// <param name="tool">The MCP object of the tool, UTF-8.</param>
    /// <param name="fault">Why the annotations are not valid; null when they are, or when there are none.</param>
    public static IReadOnlyList<MirroredProperty> Read(ReadOnlyMemory<byte> tool, out string? fault)
    {
        fault = null;
        if (tool.Span.IndexOf("x-mcp-header"u8) < 0)
            return [];
        using var document = JsonDocument.Parse(tool, new JsonDocumentOptions { MaxDepth = 1000 });
        var schema = new MirroredSchema();
        if (document.RootElement.TryGetProperty("inputSchema", out var input))
            schema.Visit(input, isReachable: true);
        fault = schema._fault;
        return fault is null ? schema._properties : [];
    }

    /// <summary>Visits one schema and those below it.</summary>
    /// <param name="schema">The schema; a truth value is one too, and has nothing to find.</param>
    /// <param name="isReachable">True when <c>properties</c> alone lead here.</param>
    private void Visit(JsonElement schema, bool isReachable)
    {
        if (schema.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in schema.EnumerateArray())
                Visit(item, isReachable: false);
        }

        if (schema.ValueKind != JsonValueKind.Object || _fault is not null)
            return;
        foreach (var keyword in schema.EnumerateObject())
        {
            switch (keyword.Name)
            {
                case Annotation:
                    Take(schema, keyword.Value, isReachable && _path.Count > 0);
                    break;
                case "default" or "const" or "enum" or "examples":
                    break;
                case "properties":
                    VisitMap(keyword.Value, isReachable);
                    break;
                case "patternProperties" or "dependentSchemas" or "$defs" or "definitions":
                    VisitMap(keyword.Value, isReachable: false);
                    break;
                default:
                    Visit(keyword.Value, isReachable: false);
                    break;
            }
        }
    }

    /// <summary>Visits an object whose names are an author's own, and whose values are schemas.</summary>
    private void VisitMap(JsonElement map, bool isReachable)
    {
        if (map.ValueKind != JsonValueKind.Object)
            return;
        foreach (var entry in map.EnumerateObject())
        {
            _path.Add(entry.Name);
            Visit(entry.Value, isReachable);
            _path.RemoveAt(_path.Count - 1);
        }
    }

    private void Take(JsonElement schema, JsonElement value, bool isReachable)
    {
        var header = value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        if (header.Length == 0 || header.AsSpan().ContainsAnyExcept(TokenCharacters))
            Refuse("that is no header name");
        else if (!isReachable)
            Refuse("on something that 'properties' alone do not lead to");
        else if (!IsPrimitive(schema))
            Refuse("on something other than a string, an integer or a boolean");
        else if (!_headers.Add(header))
            Refuse($"that another parameter has, '{header}'");
        else if (_headers.Count > MaxHeaders)
            Refuse($"more often than {MaxHeaders} times");
        else
            _properties.Add(new MirroredProperty([.. _path], header));
    }

    /// <summary>By its <c>type</c>, alone or beside null; a schema may also do without.</summary>
    private static bool IsPrimitive(JsonElement schema)
    {
        if (!schema.TryGetProperty("type", out var type))
            return true;
        return type.ValueKind == JsonValueKind.Array
            ? type.EnumerateArray().All(item => IsPrimitiveName(item) || IsName(item, "null")) && type.EnumerateArray().Any(IsPrimitiveName)
            : IsPrimitiveName(type);
    }

    private static bool IsPrimitiveName(JsonElement type) => IsName(type, "string") || IsName(type, "integer") || IsName(type, "boolean");

    private static bool IsName(JsonElement type, string name) => type.ValueKind == JsonValueKind.String && type.ValueEquals(name);

    private void Refuse(string what) => _fault ??= $"its inputSchema has {Annotation} {what}{(_path.Count > 0 ? $" (at '{string.Join('/', _path)}')" : "")}";
}
