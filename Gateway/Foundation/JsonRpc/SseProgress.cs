namespace Cortex.Foundation.JsonRpc;

/// <summary>Why a reader or rewriter of an event stream returned.</summary>
internal enum SseProgress : byte
{
    /// <summary>All input was taken; give it more.</summary>
    NeedMore,

    /// <summary>An event ended; look at it, then go on with the rest of the input.</summary>
    EventEnded,

    /// <summary>The stream is broken; the fault says why. Final.</summary>
    Faulted,
}
