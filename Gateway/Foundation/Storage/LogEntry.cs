namespace Cortex.Foundation.Storage;

/// <summary>One entry of a shared log.</summary>
/// <param name="Number">Its number; grows within the log.</param>
/// <param name="Value">What was appended.</param>
internal readonly record struct LogEntry(long Number, byte[] Value);
