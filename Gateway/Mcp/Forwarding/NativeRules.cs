using Cortex.Foundation.JsonRpc;
using Cortex.Foundation.Model;

namespace Cortex.Mcp.Forwarding;

/// <summary>
/// What is changed in the messages a native server sends back, for each pair of eras; compiled once. Whatever id a reply bears, it goes on under
/// the id of the call it answers: a client may match answers by id alone, and a server must not answer for another one.
/// Slots: 0 the gateway's id and progress token, 1 the client's id, 2 the client's progress token.
/// Maps: 0 seals a modern server's <c>requestState</c>, 1 (only where the server's resources have other public URIs) makes URIs public.
/// </summary>
internal sealed class NativeRules
{
    private const int StateMap = 0;
    private const int UriMap = 1;
    private const int MaxRequestStateBytes = 64 * 1024;

    /// <summary>In the order of <see cref="For"/>.</summary>
    private static readonly NativeRules[] All =
    [
        .. from isRead in (bool[])[false, true]
           from renames in (bool[])[false, true]
           from client in (Era[])[Era.Legacy, Era.Modern]
           from server in (Era[])[Era.Legacy, Era.Modern]
           select new NativeRules(client, server, isRead, renames),
    ];

    private readonly Era _client;
    private readonly Era _server;
    private readonly int _resultType;
    private readonly int _inputRequests;

    private NativeRules(Era client, Era server, bool isRead, bool renames)
    {
        var rules = new JsonRewriteRulesBuilder()
            .RequireObject()
            .Replace(["id"], RewriteValue.Slot(1))
            .Capture(["id"], out var id)
            .Capture(["result", "isError"], out var isError)
            .Capture(["result", "resultType"], out var resultType)
            .Watch(["result", "inputRequests"], out var inputRequests)
            .Capture(["error", "code"], out var errorCode);
        (Id, IsError, _resultType, _inputRequests, ErrorCode) = (id, isError, resultType, inputRequests, errorCode);
        (_client, _server) = (client, server);
        if (client == Era.Modern && server == Era.Modern)
            rules.Map(["result", "requestState"], StateMap, MaxRequestStateBytes);
        if (renames)
            ResourceUriRules.AddTo(rules, UriMap);
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

    /// <summary>The rules for a client and a server of these eras; results of <c>resources/read</c> carry a caching hint in the modern era.</summary>
    /// <param name="client">The client's era.</param>
    /// <param name="server">The server's era.</param>
    /// <param name="method">What was asked.</param>
    /// <param name="renames">True when the server's resources have public URIs that are not its own; the rules then call for <see cref="ResourceUriRules.MapsOf"/>.</param>
    public static NativeRules For(Era client, Era server, string method, bool renames) =>
        All[(method == "resources/read" ? 8 : 0) + (renames ? 4 : 0) + ((int)client * 2) + (int)server];

    /// <summary>True when a modern server asks for input and the client is of the legacy era, which knows no such result.</summary>
    public bool AsksForInput(JsonStreamRewriter answer) => _client == Era.Legacy && HasInputRequired(answer);

    /// <summary>True when a modern server's answer to a modern client may ask for input: not all of it need have been seen.</summary>
    public bool MayAsk(JsonStreamRewriter answer) =>
        _client == Era.Modern && _server == Era.Modern && (answer.Saw(_inputRequests) || HasInputRequired(answer));

    /// <summary>True when the whole answer of a modern server to a modern client asks for input.</summary>
    public bool IsUnfinished(JsonStreamRewriter answer) => _client == Era.Modern && _server == Era.Modern && HasInputRequired(answer);

    private bool HasInputRequired(JsonStreamRewriter answer) =>
        answer.TryGetCaptured(_resultType, out var type) && JsonText.Equals(type, "input_required"u8);
}
