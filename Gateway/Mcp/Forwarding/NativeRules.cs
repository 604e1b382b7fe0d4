using Cortex.Foundation.JsonRpc;
using Cortex.Foundation.Model;

namespace Cortex.Mcp.Forwarding;

/// <summary>
/// What is changed in the messages a native server sends back, for each pair of eras; compiled once. Whatever id a reply bears, it goes on under
/// the id of the call it answers: a client may match answers by id alone, and a server must not answer for another one.
/// Slots: 0 the gateway's id and progress token, 1 the client's id, 2 the client's progress token.
/// </summary>
internal sealed class NativeRules
{
    private static readonly NativeRules[] All =
        [Build(Era.Legacy, Era.Legacy), Build(Era.Legacy, Era.Modern), Build(Era.Modern, Era.Legacy), Build(Era.Modern, Era.Modern)];

    private NativeRules(JsonRewriteRules rules, int isError, int errorCode)
    {
        Rules = rules;
        IsError = isError;
        ErrorCode = errorCode;
    }

    public JsonRewriteRules Rules { get; }

    /// <summary>Watch of <c>result.isError</c>.</summary>
    public int IsError { get; }

    /// <summary>Watch of <c>error.code</c>.</summary>
    public int ErrorCode { get; }

    /// <summary>The rules for a client and a server of these eras.</summary>
    public static NativeRules For(Era client, Era server) => All[((int)client * 2) + (int)server];

    private static NativeRules Build(Era client, Era server)
    {
        var rules = new JsonRewriteRulesBuilder()
            .RequireObject()
            .Replace(["id"], RewriteValue.Slot(1))
            .Capture(["result", "isError"], out var isError)
            .Capture(["error", "code"], out var errorCode);
        if (server == Era.Legacy)
            rules.ReplaceIfEquals(["params", "progressToken"], RewriteValue.Slot(0), RewriteValue.Slot(2));
        if (client != server)
            rules.Remove(["result", "resultType"]);
        if (client == Era.Modern && server == Era.Legacy)
            rules.InsertFirst(["result"], RewriteValue.Of("\"resultType\":\"complete\""u8));
        return new NativeRules(rules.Build(), isError, errorCode);
    }
}
