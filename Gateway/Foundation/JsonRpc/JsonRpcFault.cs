namespace Cortex.Foundation.JsonRpc;

/// <summary>Why bytes were refused, and where. The default value means that nothing is wrong.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Offset">Byte offset from the start of the message (of the stream, for a stream) at which it showed.</param>
internal readonly record struct JsonRpcFault(JsonRpcFaultKind Kind, long Offset)
{
    /// <summary>True when nothing is wrong.</summary>
    public bool IsNone => Kind == JsonRpcFaultKind.None;

    /// <summary>The JSON-RPC error code to answer with: -32700 for what is no JSON, -32602 for bad params, -32600 for the rest.</summary>
    public int Code => Kind switch
    {
        JsonRpcFaultKind.Empty or JsonRpcFaultKind.InvalidUtf8 or JsonRpcFaultKind.InvalidJson or JsonRpcFaultKind.Incomplete
            or JsonRpcFaultKind.TooDeep or JsonRpcFaultKind.TrailingBytes => -32700,
        JsonRpcFaultKind.InvalidParams => -32602,
        _ => -32600,
    };

    /// <summary>One sentence for a person or an agent; repeats nothing of the message.</summary>
    public string Describe() => Kind == JsonRpcFaultKind.None ? "Nothing is wrong." : $"{Sentence} (at byte {Offset}).";

    private string Sentence => Kind switch
    {
        JsonRpcFaultKind.Empty => "The message is empty; send one JSON-RPC object",
        JsonRpcFaultKind.InvalidUtf8 => "The message is not UTF-8 without a byte order mark",
        JsonRpcFaultKind.InvalidJson => "The message is not valid JSON",
        JsonRpcFaultKind.Incomplete => "The message ends before it is complete",
        JsonRpcFaultKind.TooDeep => "The message is nested too deeply",
        JsonRpcFaultKind.NotAnObject => "The message must be one JSON object",
        JsonRpcFaultKind.Batch => "Batches are not accepted; send one JSON-RPC object per request",
        JsonRpcFaultKind.NotABatch => "The message must be a JSON array of JSON-RPC objects",
        JsonRpcFaultKind.TooMany => "The batch holds too many messages",
        JsonRpcFaultKind.RepeatedKey => "A member that the gateway reads occurs twice in the same object; send it once",
        JsonRpcFaultKind.LookalikeKey => "A member differs from one that the gateway reads only by upper and lower case; rename it",
        JsonRpcFaultKind.LoneSurrogate => "A string that the gateway reads holds half a surrogate pair",
        JsonRpcFaultKind.WrongVersion => "The member 'jsonrpc' must be the string \"2.0\"",
        JsonRpcFaultKind.InvalidId => "The member 'id' must be a string or an integer of at most 1024 bytes",
        JsonRpcFaultKind.InvalidMethod => "The member 'method' must be a string that is not empty",
        JsonRpcFaultKind.InvalidParams => "The member 'params' must be an object",
        JsonRpcFaultKind.InvalidError => "The member 'error' must be an object",
        JsonRpcFaultKind.BothResultAndError => "A response has either 'result' or 'error', not both",
        JsonRpcFaultKind.BothMethodAndResult => "A message has either 'method' or one of 'result' and 'error', not both",
        JsonRpcFaultKind.TrailingBytes => "Something follows the end of the message",
        JsonRpcFaultKind.EventTooLong => "An event of the stream is longer than allowed",
        JsonRpcFaultKind.ScalarTooLong => "A value that the gateway has to read is longer than allowed",
        _ => "The message was refused",
    };
}
