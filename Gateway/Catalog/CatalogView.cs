using System.Buffers;

namespace Cortex.Catalog;

/// <summary>The part of a catalog snapshot that one set of scopes may see, with its list already serialised; immutable.</summary>
internal sealed class CatalogView(IReadOnlyList<CatalogItem> tools)
{
    private readonly Lazy<ReadOnlyMemory<byte>> _wholeList = new(() => WriteTools(tools));

    /// <summary>The visible tools, ordered by public name.</summary>
    public IReadOnlyList<CatalogItem> Tools => tools;

    /// <summary>The member <c>"tools":[...]</c> of the whole list, UTF-8.</summary>
    public ReadOnlyMemory<byte> ToolsMember => _wholeList.Value;

    /// <summary>Writes the member <c>"tools":[...]</c> of some of the tools.</summary>
    public static ReadOnlyMemory<byte> WriteTools(IEnumerable<CatalogItem> page)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        output.Write("\"tools\":["u8);
        var first = true;
        foreach (var tool in page)
        {
            if (!first)
                output.Write(","u8);
            output.Write(tool.Json.Span);
            first = false;
        }

        output.Write("]"u8);
        return output.WrittenMemory;
    }
}
