namespace Cortex.Cli;

/// <summary>The gateway can't listen where it was told to. The message says where, why, and what to do; the start is refused.</summary>
internal sealed class ListeningException(string where, string reason, Exception? inner = null)
    : Exception($"Cannot listen at {where}: {reason.TrimEnd('.')}. Free that address, or choose another, such as --urls http://127.0.0.1:8081.", inner);
