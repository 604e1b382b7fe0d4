namespace Cortex.Foundation.JsonRpc;

/// <summary>What can be wrong with a message or a stream of them.</summary>
internal enum JsonRpcFaultKind : byte
{
    None,

    /// <summary>No bytes, or white space alone.</summary>
    Empty,

    /// <summary>Not UTF-8 throughout, or with a byte order mark.</summary>
    InvalidUtf8,

    InvalidJson,

    /// <summary>A stream ended inside a value or inside an event of which a part was passed on.</summary>
    Incomplete,

    TooDeep,

    /// <summary>A JSON value, but no object.</summary>
    NotAnObject,

    /// <summary>A top-level array where one message was wanted.</summary>
    Batch,

    /// <summary>No top-level array, or an empty one, where a batch was wanted.</summary>
    NotABatch,

    /// <summary>A batch of more elements than allowed.</summary>
    TooMany,

    /// <summary>A key that the gateway reads occurs twice at its place, in whatever spelling.</summary>
    RepeatedKey,

    /// <summary>A key equals one that the gateway reads but for case; parsers that ignore case would read it instead.</summary>
    LookalikeKey,

    /// <summary>A string that the gateway reads holds an escape such as <c>\ud800</c> without its other half.</summary>
    LoneSurrogate,

    /// <summary><c>jsonrpc</c> is missing or not "2.0".</summary>
    WrongVersion,

    /// <summary><c>id</c> is no string or integer, too long, or null or missing where it may not be.</summary>
    InvalidId,

    /// <summary><c>method</c> is missing, empty or no string.</summary>
    InvalidMethod,

    /// <summary><c>params</c> is there but no object.</summary>
    InvalidParams,

    /// <summary><c>error</c> is there but no object.</summary>
    InvalidError,

    BothResultAndError,

    BothMethodAndResult,

    /// <summary>Something other than white space follows the message.</summary>
    TrailingBytes,

    /// <summary>An event, or a field of one that has to be held, is longer than allowed.</summary>
    EventTooLong,

    /// <summary>A scalar that has to be held whole is longer than allowed.</summary>
    ScalarTooLong,
}
