using System.Buffers;
using System.Text;
using Cortex.Foundation.JsonRpc;

namespace Cortex.Catalog.Search;

/// <summary>
/// The entries of tools that are not listed whole: name, one line and a schema that takes anything. A client thus knows that the tool is there and may call
/// it by name, which clients refuse for what was not listed; its own schema comes from <c>find_tools</c>. All entries together take at most a tenth of the whole list: lines are cut, and in
/// the end left out, to fit; where names alone are too many, there are no entries, and <c>find_tools</c> is the way to all. Pure.
/// </summary>
internal static class CompactTools
{
    /// <summary>What the entries may take of a short list.</summary>
    private const int LeastBytes = 4096;

    private static readonly int[] LineLengths = [100, 50, 0];

    /// <param name="tools">The tools.</param>
    /// <param name="wholeBytes">Bytes of the whole list.</param>
    public static CatalogItem[] Of(IReadOnlyList<CatalogItem> tools, int wholeBytes)
    {
        (CatalogItem Tool, string Lead)[] known = [.. tools.Select(tool => (tool, ToolText.Of(tool).Lead))];
        foreach (var maxLine in LineLengths)
        {
            CatalogItem[] entries = [.. known.Select(each => each.Tool with { Json = Write(each.Tool, each.Lead, maxLine) })];
            if (entries.Sum(entry => entry.Json.Length + 1) <= Math.Max(LeastBytes, wholeBytes / 10))
                return entries;
        }

        return [];
    }

    private static byte[] Write(CatalogItem tool, string lead, int maxLine)
    {
        var line = maxLine == 0 ? "" : Line(lead, maxLine);
        using var output = new PooledBuffer();
        output.Write("{\"name\":"u8);
        JsonText.WriteString(output, tool.PublicName);
        if (line.Length > 0)
        {
            output.Write(",\"description\":"u8);
            JsonText.WriteString(output, line);
        }

        output.Write(",\"inputSchema\":{\"type\":\"object\"}}"u8);
        return output.WrittenSpan.ToArray();
    }

    private static string Line(string lead, int maxLine)
    {
        var line = new StringBuilder();
        foreach (var word in lead.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length + word.Length + 1 > maxLine)
                return line.Append('…').ToString();
            line.Append(line.Length > 0 ? " " : "").Append(word);
        }

        return line.ToString();
    }
}
