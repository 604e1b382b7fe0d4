namespace Cortex.Cli.Stdio;

/// <summary>The bridge can't do what it was asked for. The message says why and what to do.</summary>
internal sealed class StdioException(string message, Exception? inner = null) : Exception(message, inner);
