namespace Cortex.Foundation.Configuration;

/// <summary><c>gateway.sessions:</c>: sessions of legacy clients at <c>/mcp</c>.</summary>
internal sealed class SessionOptions
{
    /// <summary>
    /// A session that is not used for so long ends, and its client has to open another; an open event stream counts as use. Replicas
    /// of one gateway must agree on it.
    /// </summary>
    [NeedsRestart]
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromHours(24);
}
