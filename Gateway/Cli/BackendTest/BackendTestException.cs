namespace Cortex.Cli.BackendTest;

/// <summary>The test can't be run as it was asked for. The message says why and what to do.</summary>
internal sealed class BackendTestException(string message, Exception? inner = null) : Exception(message, inner);
