using System.Buffers;
using System.Buffers.Text;
using Cortex.Catalog.Toolsets;
using Cortex.Foundation.JsonRpc;
using Cortex.Foundation.Model;

namespace Cortex.Mcp.Wire;

/// <summary>Writes results in the form of the caller's era.</summary>
internal sealed class EraWire(ServerIdentity server)
{
    /// <summary>Writes the whole JSON-RPC response, of a toolset or, where that is null, of the whole endpoint.</summary>
    public void WriteResult(IBufferWriter<byte> output, Era era, ReadOnlySpan<byte> id, ResultContent content, Toolset? toolset = null)
    {
        JsonRpcResultWriter.WriteStart(output, id);
        WriteObject(output, era, content, toolset);
        JsonRpcResultWriter.WriteEnd(output);
    }

    private void WriteObject(IBufferWriter<byte> output, Era era, ResultContent content, Toolset? toolset)
    {
        var members = new MemberWriter(output);
        output.Write("{"u8);
        members.Add(content.Members.Span);
        if (era == Era.Modern)
        {
            if (content.Caching is { } caching)
                WriteCaching(ref members, caching);
            members.Add(content.AsksForInput ? "\"resultType\":\"input_required\""u8 : "\"resultType\":\"complete\""u8);
        }

        if (era == Era.Modern || !content.Meta.IsEmpty)
            WriteMeta(ref members, era, content.Meta.Span, toolset);
        output.Write("}"u8);
    }

    private static void WriteCaching(ref MemberWriter members, CacheHint caching)
    {
        members.Add("\"ttlMs\":"u8);
        members.Append((long)caching.TimeToLive.TotalMilliseconds);
        members.Add(caching.IsPrivate ? "\"cacheScope\":\"private\""u8 : "\"cacheScope\":\"public\""u8);
    }

    private void WriteMeta(ref MemberWriter members, Era era, ReadOnlySpan<byte> meta, Toolset? toolset)
    {
        members.Add("\"_meta\":{"u8);
        members.Append(meta);
        if (era == Era.Modern)
        {
            members.Append(meta.IsEmpty ? default : ","u8);
            members.Append("\"io.modelcontextprotocol/serverInfo\":"u8);
            members.Append(server.InfoOf(toolset).Span);
        }

        members.Append("}"u8);
    }

    /// <summary>Puts commas between members.</summary>
    private ref struct MemberWriter(IBufferWriter<byte> output)
    {
        private bool _hasMember;

        public void Add(ReadOnlySpan<byte> member)
        {
            if (member.IsEmpty)
                return;
            if (_hasMember)
                output.Write(","u8);
            _hasMember = true;
            output.Write(member);
        }

        public readonly void Append(ReadOnlySpan<byte> bytes) => output.Write(bytes);

        public readonly void Append(long number)
        {
            Utf8Formatter.TryFormat(number, output.GetSpan(20), out var written);
            output.Advance(written);
        }
    }
}
