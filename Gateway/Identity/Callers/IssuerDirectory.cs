using System.Collections.Frozen;
using Cortex.Foundation.Configuration;
using Cortex.Identity.Callers.Issuers;
using Microsoft.Extensions.Options;

namespace Cortex.Identity.Callers;

/// <summary>The issuers whose tokens count now: an immutable snapshot, replaced when the configuration changes. Thread-safe.</summary>
internal sealed class IssuerDirectory : IDisposable
{
    private readonly EmbeddedIssuer _embedded;
    private readonly Func<IssuerOptions, IssuerKeys> _makeKeys;
    private readonly Func<IssuerOptions, TokenIntrospection?> _makeIntrospection;
    private readonly GatewayAddresses _addresses;
    private readonly PersonStore _persons;
    private readonly IDisposable? _changes;
    private volatile IssuerSnapshot _current;

    public IssuerDirectory(
        IOptionsMonitor<IdentityOptions> options,
        EmbeddedIssuer embedded,
        Func<IssuerOptions, IssuerKeys> makeKeys,
        Func<IssuerOptions, TokenIntrospection?> makeIntrospection,
        GatewayAddresses addresses,
        PersonStore persons)
    {
        (_embedded, _makeKeys, _makeIntrospection, _addresses, _persons) = (embedded, makeKeys, makeIntrospection, addresses, persons);
        _current = Build(options.CurrentValue, previous: null);
        _changes = options.OnChange(changed => _current = Build(changed, _current));
    }

    public IssuerSnapshot Current => _current;

    public void Dispose() => _changes?.Dispose();

    private IssuerSnapshot Build(IdentityOptions options, IssuerSnapshot? previous)
    {
        var issuers = new Dictionary<string, TrustedIssuer>(StringComparer.Ordinal);
        if (options.AuthorizationServer.Enabled)
            issuers.Add(_embedded.Name, _embedded);
        foreach (var entry in options.Issuers)
            issuers.TryAdd(entry.Issuer, new ExternalIssuer(entry, KeysFor(entry, previous), _makeIntrospection(entry), _addresses, _persons));
        return new IssuerSnapshot(issuers.ToFrozenDictionary(StringComparer.Ordinal));
    }

    private IssuerKeys KeysFor(IssuerOptions entry, IssuerSnapshot? previous) =>
        previous?.Find(entry.Issuer) is ExternalIssuer known && known.Keys.ServesAsWell(entry) ? known.Keys : _makeKeys(entry);
}

/// <summary>The trusted issuers of one moment. What was learned under one snapshot does not count under the next.</summary>
internal sealed class IssuerSnapshot(FrozenDictionary<string, TrustedIssuer> issuers)
{
    /// <summary>The issuer with exactly this name, or null.</summary>
    public TrustedIssuer? Find(string name) => issuers.GetValueOrDefault(name);

    /// <summary>The issuer whose tokens need not be JWTs, or null.</summary>
    public TrustedIssuer? OfOpaqueTokens { get; } = issuers.Values.FirstOrDefault(issuer => issuer.Introspection is { IsForOpaqueTokens: true });
}
