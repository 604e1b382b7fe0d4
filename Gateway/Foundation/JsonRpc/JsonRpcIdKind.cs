namespace Cortex.Foundation.JsonRpc;

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
