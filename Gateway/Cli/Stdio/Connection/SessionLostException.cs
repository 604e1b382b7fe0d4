namespace Cortex.Cli.Stdio.Connection;

/// <summary>The gateway has lost the client's session, and a request with it. The message says what that means for the client.</summary>
internal sealed class SessionLostException(string message, Exception? inner = null) : Exception(message, inner);
