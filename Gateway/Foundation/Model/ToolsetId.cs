namespace Cortex.Foundation.Model;

/// <summary>
/// Name of a toolset: 1 to 32 of <c>a-z 0-9 - _</c>, starting with a letter, as names of backends are. It ends its address: <c>/mcp/&lt;toolset&gt;</c>.
/// </summary>
internal readonly record struct ToolsetId
{
    private ToolsetId(string value) => Value = value;

    /// <summary>The name as written in the configuration.</summary>
    public string Value { get; }

    /// <summary>Reads <paramref name="text"/>; false when it is not a valid name.</summary>
    public static bool TryParse(string? text, out ToolsetId id)
    {
        id = BackendId.TryParse(text, out var name) ? new ToolsetId(name.Value) : default;
        return id != default;
    }

    public override string ToString() => Value;
}
