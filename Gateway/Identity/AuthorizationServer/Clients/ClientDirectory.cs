using System.Collections.Concurrent;
using Cortex.Identity.Callers;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace Cortex.Identity.AuthorizationServer.Clients;

/// <summary>The clients of <c>identity.authorizationServer.clients</c> as they are configured now, and the keys they prove themselves by. Thread-safe.</summary>
internal sealed class ClientDirectory(IOptionsMonitor<IdentityOptions> options, Func<IssuerOptions, IssuerKeys> makeKeys)
{
    private readonly ConcurrentDictionary<(string Id, string Url), IssuerKeys> _fetched = new();

    /// <summary>The client with this id; null when it is not configured.</summary>
    public ClientOptions? Find(string clientId) => options.CurrentValue.AuthorizationServer.Clients.FirstOrDefault(client => client.Id == clientId);

    /// <summary>The public keys that may have signed an assertion with this <c>kid</c>; none when they can't be had.</summary>
    public async ValueTask<IReadOnlyList<SecurityKey>> FindKeysAsync(ClientOptions client, string? keyId, CancellationToken cancellationToken)
    {
        if (client.Jwks is { } json)
            return [.. (ClientKeySet.TryParse(json) ?? []).Where(key => keyId is null || key.Kid == keyId || string.IsNullOrEmpty(key.Kid))];
        if (client.JwksUrl is not { } url)
            return [];
        var keys = _fetched.GetOrAdd((client.Id, url), where => makeKeys(new IssuerOptions { Issuer = where.Id, JwksUrl = where.Url }));
        return await keys.FindAsync(keyId, cancellationToken) is KeyLookup.Found found ? found.Keys : [];
    }
}
