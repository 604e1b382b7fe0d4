using Cortex.Foundation.Model;
using Cortex.Identity.Callers.Issuers;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Cortex.Identity.Callers;

/// <summary>An authorization server whose access tokens are accepted.</summary>
internal abstract class TrustedIssuer
{
    /// <summary>The issuer, exactly as in <c>iss</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Values of <c>typ</c> its tokens may carry, compared without case; null stands for a token without one.</summary>
    public abstract IReadOnlyList<string?> Types { get; }

    /// <summary>Asks the issuer whether a token still counts; null when its tokens count until they end.</summary>
    public virtual TokenIntrospection? Introspection => null;

    /// <summary>The keys for a token with this <c>kid</c>.</summary>
    public abstract ValueTask<KeyLookup> FindKeysAsync(string? keyId, CancellationToken cancellationToken);

    /// <summary>Whom a token speaks for, once its signature was checked.</summary>
    public abstract ValueTask<TokenIdentity> IdentifyAsync(JsonWebToken token, CancellationToken cancellationToken);

    /// <summary>The scopes a token holds.</summary>
    public abstract ScopeSet ReadScopes(JsonWebToken token);

    /// <summary>The gateway's resources a token was issued for.</summary>
    public abstract IReadOnlyList<string> ReadAudiences(JsonWebToken token);
}
