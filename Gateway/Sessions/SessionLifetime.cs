namespace Cortex.Sessions;

/// <summary>How long a legacy client's session lives: the key <c>gateway.sessions.idleTimeout</c>.</summary>
/// <param name="Idle">A session that nobody uses ends after this.</param>
internal sealed record SessionLifetime(TimeSpan Idle)
{
    /// <summary>
    /// The expiry of a session in use is put off no more often than this, so that most requests write nothing. So a session may end this
    /// much before <see cref="Idle"/> is over.
    /// </summary>
    public TimeSpan TouchEvery => Idle / 24;
}
