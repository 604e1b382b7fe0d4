using Cortex.Backends;
using Cortex.Foundation.Model;
using Cortex.Identity.Credentials;

namespace Cortex.Sessions.Upstream;

/// <summary>
/// When a client ends its session, ends the sessions at native servers that it used, unless another living session of the same caller and
/// capabilities may use them. The caller's credential is at hand then, and only then.
/// </summary>
internal sealed class UpstreamSessionCloser(
    ClientSessionPeers peers, BackendRegistry backends, UpstreamSessions sessions, CredentialResolver credentials, UpstreamClosings closings)
{
    /// <summary>Follows the end of <paramref name="ended"/>, which the store knows no more.</summary>
    public async ValueTask FollowAsync(Caller caller, ClientSession ended, HttpContext request, CancellationToken cancellationToken)
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
}
