using Cortex.Backends;
using Cortex.Foundation.Model;
using Cortex.Identity.Callers;
using Cortex.Identity.Entitlements;

namespace Cortex.Identity.Minting;

/// <summary>
/// Makes the short-lived tokens that backends receive, each for one backend only. A token is used again for the same inbound token, backend
/// and scopes until less than <see cref="RenewBefore"/> of it is left, unless a new one could not last longer. Thread-safe.
/// </summary>
internal sealed class TokenMinter(MintedTokenWriter writer, KnownScopes known, TimeProvider time)
{
    /// <summary>Longest life of a token.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>A token with less than this left is replaced.</summary>
    public static readonly TimeSpan RenewBefore = TimeSpan.FromSeconds(60);

    /// <summary>The scope by which a backend lets the gateway read its catalog.</summary>
    public const string CatalogScope = "cortex:catalog";

    private readonly ExpiringCache<CallerKey, string> _forCallers = new(20_000, time);
    private readonly ExpiringCache<(BackendId Backend, string Audience), string> _forCatalogs = new(1_000, time);

    /// <summary>What the caller may use at this backend: their effective scopes that its catalog uses.</summary>
    public ScopeSet ScopesFor(Caller caller, BackendDefinition backend) =>
        ScopeSet.Of(known.Of(backend.Id).Where(scope => !scope.IsReserved && caller.Scopes.Contains(scope)));

    /// <summary>A token that speaks for <paramref name="caller"/> at this one backend. It never outlives the caller's own.</summary>
    public string Mint(Caller caller, BackendDefinition backend) => Mint(caller, backend, backend.Audience);

    /// <summary>As above, for whoever gives tokens for this backend in exchange.</summary>
    public string Mint(Caller caller, BackendDefinition backend, string audience)
    {
        var key = new CallerKey(caller.TokenHash, backend.Id, audience, caller.Scopes, known.Of(backend.Id));
        if (_forCallers.TryGet(key, out var fresh))
            return fresh;

        var now = time.GetUtcNow();
        var end = Earlier(now + Lifetime, caller.ExpiresAt);
        var token = writer.WriteFor(caller, audience, ScopesFor(caller, backend), now, end);
        _forCallers.Set(key, token, end == caller.ExpiresAt ? end : end - RenewBefore);
        return token;
    }

    /// <summary>A token by which the gateway itself reads a backend's catalog: <c>sub: cortex-gateway</c>, <c>scope: cortex:catalog</c>.</summary>
    public string MintCatalogToken(BackendDefinition backend)
    {
        if (_forCatalogs.TryGet((backend.Id, backend.Audience), out var fresh))
            return fresh;

        var now = time.GetUtcNow();
        var token = writer.WriteForGateway(backend.Audience, CatalogScope, now, now + Lifetime);
        _forCatalogs.Set((backend.Id, backend.Audience), token, now + Lifetime - RenewBefore);
        return token;
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private readonly record struct CallerKey(string TokenHash, BackendId Backend, string Audience, ScopeSet Held, ScopeSet Known);
}
