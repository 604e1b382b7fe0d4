namespace Cortex.Foundation.JsonRpc;

/// <summary>The fields of a <see href="https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream">text/event-stream</see>.</summary>
internal enum SseField : byte
{
    /// <summary>A field the standard does not know; it is ignored.</summary>
    Unknown,

    Comment,
    Data,
    Event,
    Id,
    Retry,
}
