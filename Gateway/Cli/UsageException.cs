namespace Cortex.Cli;

/// <summary>A command can't be run as it was asked for. The message says why and what to do.</summary>
internal sealed class UsageException(string message, Exception? inner = null) : Exception(message, inner);
