namespace Cortex.Catalog.Search;

/// <summary>How <c>tools/list</c> is written.</summary>
internal enum ToolMode
{
    /// <summary>Every tool, whole.</summary>
    Full,

    /// <summary>Cut down, to be searched.</summary>
    Search,
}

/// <summary>The words for a mode, as the header <c>X-Cortex-Tool-Mode</c> has them.</summary>
internal static class ToolModes
{
    public const string Header = "X-Cortex-Tool-Mode";

    /// <summary>Reads a word; false for one that is none. Nothing at all asks for nothing.</summary>
    public static bool TryParse(string text, out ToolMode? mode)
    {
        mode = text.Trim().ToLowerInvariant() switch
        {
            "search" => ToolMode.Search,
            "full" or "off" => ToolMode.Full,
            _ => null,
        };
        return mode is not null || text.Length == 0;
    }
}
