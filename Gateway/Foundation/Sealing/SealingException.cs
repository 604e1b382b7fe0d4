namespace Cortex.Foundation.Sealing;

/// <summary>Something sealed can't be opened with the keys at hand. The message names the missing key; nothing was changed.</summary>
internal sealed class SealingException(string message, Exception? inner = null) : Exception(message, inner);
