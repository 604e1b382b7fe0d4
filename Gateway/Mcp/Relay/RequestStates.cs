using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Cortex.Catalog;
using Cortex.Foundation.JsonRpc;
using Cortex.Foundation.Sealing;
using Cortex.Mcp.Wire;

namespace Cortex.Mcp.Relay;

/// <summary>
/// The <c>requestState</c> of an unfinished call, a modern server's or one that waits for a link, as the client is given it: sealed with owner, backend and method, and good only for the same
/// parameters and for <see cref="Lifetime"/>. Layout before sealing: 8 bytes expiry (unix ms, big-endian), 32 bytes digest of the parameters, then the server's own state (raw JSON), or the account that is linked.
/// </summary>
/// <remarks><see href="https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/mrtr"/></remarks>
internal sealed class RequestStates(Sealer sealer, TimeProvider time)
{
    /// <summary>How long a person may take to answer.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private const string ServersPrefix = "request-state";
    private const string LinksPrefix = "request-state-link";
    private const int HeaderBytes = sizeof(long) + SHA256.HashSizeInBytes;

    /// <summary>The client's form of a server's state, both raw JSON; what is no string passes as it is.</summary>
    public ReadOnlyMemory<byte> Seal(McpExchange exchange, CatalogItem item, ReadOnlySpan<byte> state) =>
        state.IsEmpty || state[0] != '"' ? state.ToArray() : Seal(exchange, state, Purpose(ServersPrefix, exchange, item));

    /// <summary>The state, raw JSON, of a call that waits for its person to link an account.</summary>
    /// <param name="exchange">The call.</param>
    /// <param name="item">What it is about.</param>
    /// <param name="account">The account that is linked now and does not do; null when none is.</param>
    public ReadOnlyMemory<byte> SealLink(McpExchange exchange, CatalogItem item, string? account) =>
        Seal(exchange, Encoding.UTF8.GetBytes(account ?? ""), Purpose(LinksPrefix, exchange, item));

    /// <summary>What the state in a client's retry stands for.</summary>
    public RequestState Read(McpExchange exchange, CatalogItem item)
    {
        if (!exchange.Message.Has(McpMembers.RequestState))
            return RequestState.None.Instance;
        if (exchange.Message.Text(McpMembers.RequestState) is not { } text || !Base64Url.IsValid(text))
            return RequestState.Unknown.Instance;
        var bytes = Base64Url.DecodeFromChars(text);
        if (TryOpen(exchange, bytes, Purpose(ServersPrefix, exchange, item)) is { } state)
            return new RequestState.OfServer(state);
        return TryOpen(exchange, bytes, Purpose(LinksPrefix, exchange, item)) is { } account
            ? new RequestState.OfLink(account.IsEmpty ? null : Encoding.UTF8.GetString(account.Span))
            : RequestState.Unknown.Instance;
    }

    private ReadOnlyMemory<byte> Seal(McpExchange exchange, ReadOnlySpan<byte> content, string purpose)
    {
        var plain = new byte[HeaderBytes + content.Length];
        BinaryPrimitives.WriteInt64BigEndian(plain, (time.GetUtcNow() + Lifetime).ToUnixTimeMilliseconds());
        ParameterDigest.Of(exchange.Message).CopyTo(plain, sizeof(long));
        content.CopyTo(plain.AsSpan(HeaderBytes));
        return JsonText.Quote(Base64Url.EncodeToString(sealer.Seal(plain, purpose)));
    }

    /// <summary>The content; null when it was changed, is another's, belongs to other parameters or is too old.</summary>
    private ReadOnlyMemory<byte>? TryOpen(McpExchange exchange, byte[] bytes, string purpose)
    {
        var plain = sealer.TryOpen(bytes, purpose);
        if (plain is null || plain.Length < HeaderBytes || BinaryPrimitives.ReadInt64BigEndian(plain) < time.GetUtcNow().ToUnixTimeMilliseconds())
            return null;
        if (!plain.AsSpan(sizeof(long), SHA256.HashSizeInBytes).SequenceEqual(ParameterDigest.Of(exchange.Message)))
            return null;
        return plain.AsMemory(HeaderBytes);
    }

    private static string Purpose(string prefix, McpExchange exchange, CatalogItem item) =>
        $"{prefix}:{exchange.Caller.Owner}:{item.Backend.Id}:{exchange.Message.Method}";
}

/// <summary>What a client's <c>requestState</c> stands for.</summary>
internal abstract record RequestState
{
    private RequestState()
    {
    }

    /// <summary>There is none.</summary>
    internal sealed record None : RequestState
    {
        public static None Instance { get; } = new();
    }

    /// <summary>A server's unfinished call.</summary>
    /// <param name="State">The server's own state, raw JSON.</param>
    internal sealed record OfServer(ReadOnlyMemory<byte> State) : RequestState;

    /// <summary>A call that waits for its person to link an account.</summary>
    /// <param name="Account">The account that was linked when the call was made; null when none was.</param>
    internal sealed record OfLink(string? Account) : RequestState;

    /// <summary>It was changed, is another's, belongs to other parameters or is too old.</summary>
    internal sealed record Unknown : RequestState
    {
        public static Unknown Instance { get; } = new();
    }
}
