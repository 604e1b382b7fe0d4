namespace Cortex.Foundation.JsonRpc;

/// <summary>The three kinds of message of <see href="https://www.jsonrpc.org/specification">JSON-RPC 2.0</see>.</summary>
internal enum JsonRpcKind : byte
{
    /// <summary>A method with an id: it wants an answer.</summary>
    Request,

    /// <summary>A method without an id.</summary>
    Notification,

    /// <summary>A result or an error.</summary>
    Response,
}

/// <summary>How a message is identified.</summary>
internal enum JsonRpcIdKind : byte
{
    /// <summary>There is no id.</summary>
    None,

    String,

    /// <summary>An integer of any length.</summary>
    Number,

    /// <summary>Only on an error response that could not be tied to a request.</summary>
    Null,
}
