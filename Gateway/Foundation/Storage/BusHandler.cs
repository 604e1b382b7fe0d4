namespace Cortex.Foundation.Storage;

/// <summary>Calls the subscribers of the bus; one that throws is logged and goes on receiving, and hurts no other.</summary>
internal static partial class BusHandler
{
    public static void Call(Action<ReadOnlyMemory<byte>> handler, ReadOnlyMemory<byte> message, string channel, ILogger logger)
    {
        try
        {
            handler(message);
        }
#pragma warning disable CA1031 // The edge of foreign code: whatever a subscriber throws must not end the bus for the others.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.HandlerFailed(logger, exception, channel);
        }
    }

    /// <summary>Calls everyone who wants to know that the bus was interrupted.</summary>
    public static void CallAll(Action? handlers, ILogger logger)
    {
        foreach (var handler in Delegate.EnumerateInvocationList(handlers))
        {
            Call(_ => handler(), ReadOnlyMemory<byte>.Empty, "(interruption)", logger);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1110, LogLevel.Error, "A subscriber of the bus channel {Channel} failed on a message", EventName = "bus.handler.failed")]
        public static partial void HandlerFailed(ILogger logger, Exception exception, string channel);
    }
}
