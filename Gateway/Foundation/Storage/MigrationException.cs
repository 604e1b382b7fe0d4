namespace Cortex.Foundation.Storage;

/// <summary>The schema is not what this version needs and could not be made so. The message says what to do; the start is refused.</summary>
internal sealed class MigrationException(string message, Exception? inner = null) : Exception(message, inner);
