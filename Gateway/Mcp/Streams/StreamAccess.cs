using Cortex.Foundation.Model;
using Cortex.Identity.Callers;
using Cortex.Identity.Entitlements;

namespace Cortex.Mcp.Streams;

/// <summary>Whether the caller of an open stream may still have it: a token ends or may be revoked, and a plan or a reload may take scopes away.</summary>
internal sealed class StreamAccess(CallerEntitlements entitlements, TokenCache tokens, IHostApplicationLifetime lifetime, TimeProvider time)
{
    /// <summary>Why the stream has to end; null when it may go on. A token's end is looked at too, for streams that have no timer for it.</summary>
    public async ValueTask<StreamEnd?> FindAsync(HttpContext http, Caller caller, CancellationToken cancellationToken)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            return StreamEnd.Shutdown;
        return time.GetUtcNow() < caller.ExpiresAt ? (await LostAsync(http, caller, cancellationToken))?.End : StreamEnd.TokenExpired;
    }

    /// <summary>Not null when the token was revoked, the person shut out, or what the caller may use has changed.</summary>
    public async ValueTask<LostAccess?> LostAsync(HttpContext http, Caller caller, CancellationToken cancellationToken)
    {
        if (http.Features.Get<ValidatedToken>() is not { } token)
            return null;
        if (tokens.IsRevoked(token))
            return new LostAccess(StreamEnd.AccessRevoked, null);
        var feature = await entitlements.FindAsync(token, cancellationToken);
        if (feature.IsDisabled)
            return new LostAccess(StreamEnd.AccessRevoked, null);
        return feature.Caller.Scopes.Equals(caller.Scopes) ? null : new LostAccess(StreamEnd.PlanChanged, feature.Caller.Scopes);
    }
}

/// <summary>Why a stream has to end before its time.</summary>
/// <param name="End">What its client is told.</param>
/// <param name="Scopes">What the caller may use from now on; null for nothing more.</param>
internal sealed record LostAccess(StreamEnd End, ScopeSet? Scopes);
