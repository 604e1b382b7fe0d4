using System.Text.Json;

namespace Cortex.Foundation.JsonRpc;

/// <summary>
/// What makes a JSON object a JSON-RPC 2.0 message, as MCP narrows it: an id is a string or an integer, params an object.
/// Only an error response may have a null id or none.
/// </summary>
internal static class JsonRpcRules
{
    private const int MaxIdBytes = 1024;

    /// <summary>Sets the id kind when the id that was found can be repeated in an answer.</summary>
    public static void KeepUsableId(ReadOnlySpan<byte> utf8, ref JsonRpcEnvelope envelope)
    {
        var id = envelope.At(MemberTree.Id);
        envelope.IdKind = id.Kind switch
        {
            _ when id.Value.Length > MaxIdBytes => JsonRpcIdKind.None,
            JsonValueKind.String => JsonRpcIdKind.String,
            JsonValueKind.Number when !id.Value.Of(utf8).ContainsAny(".eE"u8) => JsonRpcIdKind.Number,
            JsonValueKind.Null => JsonRpcIdKind.Null,
            _ => JsonRpcIdKind.None,
        };
    }

    /// <summary>Checks the members against each other and sets the kind of the message.</summary>
    public static JsonRpcFault Check(ReadOnlySpan<byte> utf8, ref JsonRpcEnvelope envelope)
    {
        var version = envelope.At(MemberTree.JsonRpc);
        if (version.Kind != JsonValueKind.String || !JsonText.Equals(version.Value.Of(utf8), "2.0"u8))
            return Fault(JsonRpcFaultKind.WrongVersion, version);
        if (envelope.At(MemberTree.Id) is { Kind: not JsonValueKind.Undefined } id && envelope.IdKind == JsonRpcIdKind.None)
            return Fault(JsonRpcFaultKind.InvalidId, id);
        var method = envelope.At(MemberTree.Method);
        return method.Kind == JsonValueKind.Undefined && IsResponse(envelope)
            ? CheckResponse(ref envelope)
            : CheckCall(method, ref envelope);
    }

    private static JsonRpcFault CheckCall(JsonMember method, ref JsonRpcEnvelope envelope)
    {
        if (method.Kind != JsonValueKind.String || method.Value.Length == 2)
            return Fault(JsonRpcFaultKind.InvalidMethod, method);
        if (IsResponse(envelope))
            return Fault(JsonRpcFaultKind.BothMethodAndResult, method);
        if (envelope.IdKind == JsonRpcIdKind.Null)
            return Fault(JsonRpcFaultKind.InvalidId, envelope.At(MemberTree.Id));
        if (envelope.At(MemberTree.Params) is { Kind: not (JsonValueKind.Undefined or JsonValueKind.Object) } parameters)
            return Fault(JsonRpcFaultKind.InvalidParams, parameters);
        envelope.Kind = envelope.IdKind == JsonRpcIdKind.None ? JsonRpcKind.Notification : JsonRpcKind.Request;
        return default;
    }

    private static JsonRpcFault CheckResponse(ref JsonRpcEnvelope envelope)
    {
        var error = envelope.At(MemberTree.Error);
        if (error.Kind != JsonValueKind.Undefined && !envelope.Result.IsEmpty)
            return Fault(JsonRpcFaultKind.BothResultAndError, error);
        if (error.Kind is not (JsonValueKind.Undefined or JsonValueKind.Object))
            return Fault(JsonRpcFaultKind.InvalidError, error);
        if (error.Kind == JsonValueKind.Undefined && envelope.IdKind is JsonRpcIdKind.None or JsonRpcIdKind.Null)
            return Fault(JsonRpcFaultKind.InvalidId, envelope.At(MemberTree.Id));
        envelope.Kind = JsonRpcKind.Response;
        return default;
    }

    private static bool IsResponse(in JsonRpcEnvelope envelope) => !envelope.Result.IsEmpty || !envelope.Error.IsEmpty;

    private static JsonRpcFault Fault(JsonRpcFaultKind kind, JsonMember member) => new(kind, member.Value.Start);
}
