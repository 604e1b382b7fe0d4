using System.Buffers.Binary;
using System.Security.Cryptography;
using Cortex.Catalog;
using Cortex.Foundation.JsonRpc;
using Cortex.Foundation.Sealing;
using Cortex.Mcp.Wire;

namespace Cortex.Mcp.Relay;

/// <summary>
/// The <c>requestState</c> of a modern server's unfinished call, as the client is given it: sealed with owner, backend and method, and good only for the same
/// parameters and for <see cref="Lifetime"/>. Layout before sealing: 8 bytes expiry (unix ms, big-endian), 32 bytes digest of the parameters, the server's own state (raw JSON).
/// </summary>
/// <remarks><see href="https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/mrtr"/></remarks>
internal sealed class RequestStates(Sealer sealer, TimeProvider time)
{
    /// <summary>How long a person may take to answer.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private const int HeaderBytes = sizeof(long) + SHA256.HashSizeInBytes;

    /// <summary>The client's form of a server's state, both raw JSON; what is no string passes as it is.</summary>
    public ReadOnlyMemory<byte> Seal(McpExchange exchange, CatalogItem item, ReadOnlySpan<byte> state)
    {
        if (state.IsEmpty || state[0] != '"')
            return state.ToArray();
        var plain = new byte[HeaderBytes + state.Length];
        BinaryPrimitives.WriteInt64BigEndian(plain, (time.GetUtcNow() + Lifetime).ToUnixTimeMilliseconds());
        ParameterDigest.Of(exchange.Message).CopyTo(plain, sizeof(long));
        state.CopyTo(plain.AsSpan(HeaderBytes));
        return JsonText.Quote(System.Buffers.Text.Base64Url.EncodeToString(sealer.Seal(plain, Purpose(exchange, item))));
    }

    /// <summary>The server's own state (raw JSON) in a client's retry; null when it was changed, is another's, belongs to other parameters or is too old.</summary>
    public ReadOnlyMemory<byte>? TryOpen(McpExchange exchange, CatalogItem item)
    {
        if (exchange.Message.Text(McpMembers.RequestState) is not { } text || !System.Buffers.Text.Base64Url.IsValid(text))
            return null;
        var plain = sealer.TryOpen(System.Buffers.Text.Base64Url.DecodeFromChars(text), Purpose(exchange, item));
        if (plain is null || plain.Length < HeaderBytes || BinaryPrimitives.ReadInt64BigEndian(plain) < time.GetUtcNow().ToUnixTimeMilliseconds())
            return null;
        if (!plain.AsSpan(sizeof(long), SHA256.HashSizeInBytes).SequenceEqual(ParameterDigest.Of(exchange.Message)))
            return null;
        return plain.AsMemory(HeaderBytes);
    }

    private static string Purpose(McpExchange exchange, CatalogItem item) =>
        $"request-state:{exchange.Caller.Owner}:{item.Backend.Id}:{exchange.Message.Method}";
}
