using Cortex.Foundation.JsonRpc;
using Cortex.Foundation.Model;

namespace Cortex.Mcp.Forwarding;

/// <summary>
/// What is changed in the messages a native server sends back, for each pair of eras; compiled once. Whatever id a reply bears, it goes on under
/// the id of the call it answers: a client may match answers by id alone, and a server must not answer for another one.
/// Slots: 0 the gateway's id and progress token, 1 the client's id, 2 the client's progress token. Map 0 seals a modern server's <c>requestState</c>.
/// </summary>
internal sealed class NativeRules
{
    private static readonly NativeRules[] Reads = [.. Pairs.Select(pair => new NativeRules(pair.Client, pair.Server, isRead: true))];

    private const int MaxRequestStateBytes = 64 * 1024;

    private static readonly NativeRules[] Others = [.. Pairs.Select(pair => new NativeRules(pair.Client, pair.Server, isRead: false))];

    private readonly Era _client;
    private readonly int _resultType;

    private NativeRules(Era client, Era server, bool isRead)
    {
        var rules = new JsonRewriteRulesBuilder()
            .RequireObject()
            .Replace(["id"], RewriteValue.Slot(1))
            .Capture(["id"], out var id)
            .Capture(["result", "isError"], out var isError)
            .Capture(["result", "resultType"], out var resultType)
            .Capture(["error", "code"], out var errorCode);
        (Id, IsError, _resultType, ErrorCode) = (id, isError, resultType, errorCode);
        _client = client;
        if (client == Era.Modern && server == Era.Modern)
            rules.Map(["result", "requestState"], 0, MaxRequestStateBytes);
        if (server == Era.Legacy)
            rules.ReplaceIfEquals(["params", "progressToken"], RewriteValue.Slot(0), RewriteValue.Slot(2));
        if (client != server)
            rules.Remove(["result", "resultType"]);
        if (client != server && isRead)
            rules.Remove(["result", "ttlMs"]).Remove(["result", "cacheScope"]);
        if (client == Era.Modern && server == Era.Legacy)
            rules.InsertFirst(["result"], RewriteValue.Of(isRead ? "\"resultType\":\"complete\",\"ttlMs\":0,\"cacheScope\":\"private\""u8 : "\"resultType\":\"complete\""u8));
        Rules = rules.Build();
    }

    public JsonRewriteRules Rules { get; }

    /// <summary>Watch of the id that the server wrote.</summary>
    public int Id { get; }

    /// <summary>Watch of <c>result.isError</c>.</summary>
    public int IsError { get; }

    /// <summary>Watch of <c>error.code</c>.</summary>
    public int ErrorCode { get; }

    /// <summary>In the order of <see cref="For"/>.</summary>
    private static IEnumerable<(Era Client, Era Server)> Pairs =>
        [(Era.Legacy, Era.Legacy), (Era.Legacy, Era.Modern), (Era.Modern, Era.Legacy), (Era.Modern, Era.Modern)];

    /// <summary>The rules for a client and a server of these eras; results of <c>resources/read</c> carry a caching hint in the modern era.</summary>
    public static NativeRules For(Era client, Era server, string method) =>
        (method == "resources/read" ? Reads : Others)[((int)client * 2) + (int)server];

    /// <summary>True when a modern server asks for input and the client is of the legacy era, which knows no such result.</summary>
    public bool AsksForInput(JsonStreamRewriter answer) =>
        _client == Era.Legacy && answer.TryGetCaptured(_resultType, out var type) && JsonText.Equals(type, "input_required"u8);
}
