namespace Cortex.Foundation.Observability;

/// <summary>Why an operation failed, where no JSON-RPC error code says it: the closed set behind <c>error.type</c>.</summary>
internal enum McpFailure
{
    /// <summary>A tool result with <c>isError: true</c> (<c>tool_error</c>).</summary>
    ToolError,

    /// <summary>A deadline passed (<c>timeout</c>).</summary>
    Timeout,

    /// <summary>The caller went away or took the request back (<c>cancelled</c>).</summary>
    Cancelled,

    /// <summary>No valid token (<c>unauthenticated</c>).</summary>
    Unauthenticated,

    /// <summary>The token or the plan lacks a scope (<c>insufficient_scope</c>).</summary>
    InsufficientScope,

    /// <summary>Turned away by a limit (<c>rate_limited</c>).</summary>
    RateLimited,

    /// <summary>No connection to the backend (<c>unreachable</c>).</summary>
    Unreachable,

    /// <summary>The backend's reply could not be understood (<c>bad_reply</c>).</summary>
    BadReply,

    /// <summary>The request could not be understood (<c>bad_request</c>).</summary>
    BadRequest,

    /// <summary>A fault of the gateway (<c>_OTHER</c>).</summary>
    Internal,
}
