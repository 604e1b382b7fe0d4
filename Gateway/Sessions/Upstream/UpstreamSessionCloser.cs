using Cortex.Backends;
using Cortex.Foundation.Model;
using Cortex.Foundation.Storage;
using Cortex.Identity.Credentials;

namespace Cortex.Sessions.Upstream;

/// <summary>
/// When a client ends its session, ends the sessions at native servers that it used, unless another living session of the same caller and
/// capabilities may use them. The caller's credential is at hand then, and only then.
/// </summary>
internal sealed partial class UpstreamSessionCloser(
    ClientSessionPeers peers,
    BackendRegistry backends,
    UpstreamSessions sessions,
    CredentialResolver credentials,
    UpstreamClosings closings,
    ILogger<UpstreamSessionCloser> logger)
{
    /// <summary>
    /// Follows the end of <paramref name="ended"/>, which the store knows no more. Where the shared state fails, the sessions at the servers are left to expire.
    /// </summary>
    public async ValueTask FollowAsync(Caller caller, ClientSession ended, HttpContext request, CancellationToken cancellationToken)
    {
        try
        {
            await CloseAsync(caller, ended, request, cancellationToken);
        }
        catch (SharedStateException exception)
        {
            Log.NotFollowed(logger, exception);
        }
    }

    private async ValueTask CloseAsync(Caller caller, ClientSession ended, HttpContext request, CancellationToken cancellationToken)
    {
        if (!await peers.LeaveAsync(caller, ended, cancellationToken))
            return;
        foreach (var backend in backends.Current.All)
        {
            if (backend.Kind == BackendKind.Mcp
                && await sessions.TakeAsync(caller, backend, ended.ClientCapabilities, cancellationToken) is { SessionId: not null } session
                && await credentials.ResolveAsync(caller, backend, request, cancellationToken) is CredentialResult.Granted granted)
                closings.Add(backend, session, granted.Headers);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3404, LogLevel.Warning, "A session has ended, but not those at servers that it used; they expire there", EventName = "upstream.sessions.left")]
        public static partial void NotFollowed(ILogger logger, Exception exception);
    }
}
