namespace Cortex.Foundation.Configuration;

/// <summary><c>gateway.drain:</c>: how the gateway stops when it is told to.</summary>
internal sealed class DrainOptions
{
    /// <summary>
    /// How long the gateway goes on as before once it was told to stop (SIGTERM), while <c>/readyz</c> already says 503, so that balancers have turned away
    /// when it stops accepting connections. A second signal ends the wait.
    /// </summary>
    public TimeSpan Delay { get; init; } = TimeSpan.Zero;

    /// <summary>How long calls may go on once no connection is accepted any more and the standing streams have ended; what is left then is cut.</summary>
    [NeedsRestart]
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(30);
}
