namespace Cortex.Cli.Stdio.Connection;

/// <summary>The gateway does not know the session of a message, and so has done nothing with it.</summary>
internal sealed class SessionUnknownException(Exception inner) : Exception("The gateway does not know the session.", inner);
