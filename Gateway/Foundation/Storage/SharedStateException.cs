namespace Cortex.Foundation.Storage;

/// <summary>The shared state did not do what was asked: it can't be reached, was too slow, or the key holds something else. Whether a write took place is unknown.</summary>
internal sealed class SharedStateException(string message, Exception? inner = null) : Exception(message, inner);
