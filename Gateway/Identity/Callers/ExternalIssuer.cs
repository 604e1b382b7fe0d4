using Cortex.Foundation.Configuration;
using Cortex.Foundation.Model;
using Cortex.Identity.Callers.Issuers;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Cortex.Identity.Callers;

/// <summary>An issuer of <c>identity.issuers</c>. It speaks for its own persons only: they are kept under its name.</summary>
internal sealed class ExternalIssuer(
    IssuerOptions options, IssuerKeys keys, TokenIntrospection? introspection, GatewayAddresses addresses, PersonStore persons) : TrustedIssuer
{
    private readonly IssuerRules _rules = new(options);

    public override string Name => options.Issuer;

    public override IReadOnlyList<string?> Types { get; } = [null, "JWT", "at+jwt", "application/at+jwt"];

    public override TokenIntrospection? Introspection => introspection;

    /// <summary>Its keys, to be kept when the configuration changes.</summary>
    public IssuerKeys Keys => keys;

    public override ValueTask<KeyLookup> FindKeysAsync(string? keyId, CancellationToken cancellationToken) =>
        keys.FindAsync(keyId, cancellationToken);

    public override async ValueTask<TokenIdentity> IdentifyAsync(JsonWebToken token, CancellationToken cancellationToken)
    {
        var clientId = TokenClaims.ClientId(token);
        if (_rules.IsMachine(token, clientId))
            return TokenClaims.Machine(clientId);
        if (_rules.Subject(token) is not { } subject)
            return new TokenIdentity.Nobody($"The token's claim '{_rules.SubjectClaim}' names no person.");
        var person = await persons.EnsureAsync(options.Issuer, subject, _rules.Person(token), cancellationToken);
        return new TokenIdentity.Human(person, clientId ?? "unknown");
    }

    public override ScopeSet ReadScopes(JsonWebToken token) => _rules.Scopes(token);

    public override IReadOnlyList<string> ReadAudiences(JsonWebToken token)
    {
        if (options.Audience is not { } audience || audience == addresses.McpResource)
            return [.. token.Audiences];
        return token.Audiences.Contains(audience) ? [addresses.McpResource] : [];
    }
}
