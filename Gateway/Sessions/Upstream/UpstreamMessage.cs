using Cortex.Foundation.JsonRpc;

namespace Cortex.Sessions.Upstream;

/// <summary>What the gateway reads of a message that a native server sent it. Valid until the next event is read.</summary>
/// <param name="Method">The method; empty for a response.</param>
/// <param name="Id">The raw id; empty for a notification.</param>
/// <param name="Uri"><c>params.uri</c>; empty when there is none.</param>
/// <param name="ErrorCode">Code of an error; null for anything else.</param>
internal sealed record UpstreamMessage(string Method, ReadOnlyMemory<byte> Id, string Uri, long? ErrorCode)
{
    /// <summary>Deepest message that is read.</summary>
    private const int MaxDepth = 64;

    private const int UriMember = 0;
    private const int CodeMember = 1;

    private static readonly MemberSet Members = new(["params", "uri"], ["error", "code"]);

    /// <summary>True for a result or an error.</summary>
    public bool IsResponse => Method.Length == 0;

    /// <summary>The notice that the message is; null when it is none.</summary>
    public UpstreamNotice? Notice => Method switch
    {
        "notifications/tools/list_changed" => new UpstreamNotice(UpstreamNoticeKind.ToolsChanged),
        "notifications/prompts/list_changed" => new UpstreamNotice(UpstreamNoticeKind.PromptsChanged),
        "notifications/resources/list_changed" => new UpstreamNotice(UpstreamNoticeKind.ResourcesChanged),
        "notifications/resources/updated" when Uri.Length > 0 => new UpstreamNotice(UpstreamNoticeKind.ResourceUpdated, Uri),
        _ => null,
    };

    /// <summary>Reads a message; null when it is not JSON-RPC.</summary>
    public static UpstreamMessage? TryRead(ReadOnlyMemory<byte> json)
    {
        if (!JsonRpcReader.TryRead(json.Span, Members, MaxDepth, out var envelope).IsNone)
            return null;
        var uri = "";
        if (envelope.TryGet(UriMember, out var uriMember))
            JsonText.TryGetString(uriMember.Value.Of(json.Span), out uri);
        long? code = envelope.TryGet(CodeMember, out var codeMember) && JsonText.TryGetInt64(codeMember.Value.Of(json.Span), out var number) ? number : null;
        var method = envelope.Kind == JsonRpcKind.Response ? "" : JsonText.GetString(envelope.Method.Of(json.Span));
        return new UpstreamMessage(method, envelope.Id.Of(json), uri, code);
    }
}
