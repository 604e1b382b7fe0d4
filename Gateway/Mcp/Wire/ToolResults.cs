using System.Buffers;
using Cortex.Foundation.JsonRpc;

namespace Cortex.Mcp.Wire;

/// <summary>Tool results that the gateway itself writes.</summary>
internal static class ToolResults
{
    /// <summary>A failed tool call, told to the agent.</summary>
    /// <param name="text">What went wrong, with which thing, what to do next.</param>
    /// <param name="traceId">Trace id to quote to an operator, or null.</param>
    public static ResultContent Error(string text, string? traceId)
    {
        using var members = new PooledBuffer();
        members.Write("\"content\":[{\"type\":\"text\",\"text\":"u8);
        JsonText.WriteString(members, text);
        members.Write("}],\"isError\":true"u8);
        return new ResultContent(members.WrittenSpan.ToArray(), TraceMeta(traceId));
    }

    /// <summary>A value of a plain HTTP backend or a builtin: as text, and as structured content when it is an object.</summary>
    /// <param name="json">The value.</param>
    /// <param name="content">A raw array of content blocks in place of the value's own text, or empty.</param>
    public static ResultContent Value(ReadOnlySpan<byte> json, ReadOnlySpan<byte> content = default)
    {
        json = json.Trim(" \t\r\n"u8);
        using var members = new PooledBuffer(json.Length * 2);
        members.Write("\"content\":"u8);
        if (content.IsEmpty)
            WriteText(members, json);
        else
            members.Write(content);
        if (json[0] == '{')
        {
            members.Write(",\"structuredContent\":"u8);
            members.Write(json);
        }

        return new ResultContent(members.WrittenSpan.ToArray());
    }

    private static void WriteText(PooledBuffer members, ReadOnlySpan<byte> json)
    {
        members.Write("[{\"type\":\"text\",\"text\":"u8);
        if (json[0] == '"')
            members.Write(json);
        else
            JsonText.WriteString(members, json);
        members.Write("}]"u8);
    }

    /// <summary>The member that holds the trace id, raw; empty for none.</summary>
    public static byte[] TraceMeta(string? traceId) => traceId is null ? [] : [.. "\"cortex.dev/traceId\":"u8, .. JsonText.Quote(traceId)];
}
