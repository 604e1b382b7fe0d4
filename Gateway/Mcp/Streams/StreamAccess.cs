using Cortex.Foundation.Model;
using Cortex.Identity.Callers;
using Cortex.Identity.Entitlements;

namespace Cortex.Mcp.Streams;

/// <summary>Whether the caller of an open stream may still have it: a token ends or may be revoked, and a reload may take scopes away.</summary>
internal sealed class StreamAccess(EntitlementPolicy entitlements, TokenCache tokens, IHostApplicationLifetime lifetime, TimeProvider time)
{
    /// <summary>Why the stream has to end; null when it may go on. A token's end is looked at too, for streams that have no timer for it.</summary>
    public StreamEnd? Find(HttpContext http, Caller caller)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            return StreamEnd.Shutdown;
        return time.GetUtcNow() < caller.ExpiresAt ? Lost(http, caller) : StreamEnd.TokenExpired;
    }

    /// <summary>Not null when the token was revoked, or the plan has changed.</summary>
    public StreamEnd? Lost(HttpContext http, Caller caller) =>
        http.Features.Get<ValidatedToken>() is { } token && (tokens.IsRevoked(token) || !entitlements.Judge(token).Caller.Scopes.Equals(caller.Scopes))
            ? StreamEnd.AccessChanged
            : null;
}
