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
