namespace Cortex.Mcp.Forwarding;

/// <summary>Why a native server's reply can't be handed on: a closed set.</summary>
internal abstract record NativeFailure
{
    private NativeFailure()
    {
    }

    /// <summary>An error status with a JSON-RPC error in the body.</summary>
    internal sealed record RpcError(int Status, int Code, string Message, ReadOnlyMemory<byte> Data) : NativeFailure;

    /// <summary>An error status without one.</summary>
    internal sealed record HttpStatus(int Status) : NativeFailure;

    /// <summary>200, but neither JSON nor an event stream.</summary>
    internal sealed record WrongMediaType(string? MediaType) : NativeFailure;

    /// <summary>The reply is not a JSON-RPC message, or broke off.</summary>
    internal sealed record Malformed : NativeFailure;

    /// <summary>The reply ended without an answer to the call.</summary>
    internal sealed record NoAnswer : NativeFailure;

    /// <summary>The server wants input in a way that the client's era does not know.</summary>
    internal sealed record NeedsInput : NativeFailure;

    /// <summary>The server wants input that the client did not declare it can give.</summary>
    /// <param name="Capabilities">What it would have to declare, a JSON object.</param>
    internal sealed record Undeclared(string Capabilities) : NativeFailure;

    /// <summary>A deadline passed.</summary>
    internal sealed record TimedOut(TimeSpan After) : NativeFailure;

    /// <summary>No connection, or it broke.</summary>
    internal sealed record Unreachable : NativeFailure;

    /// <summary>There is no session at the server, and why.</summary>
    internal sealed record NoSession(string Reason) : NativeFailure;
}
