using System.Security.Cryptography;
using Cortex.Foundation.Model;
using Cortex.Governance.Integrity.Baselines;
using Microsoft.Extensions.Options;

namespace Cortex.Governance.Integrity;

/// <summary>The policy of each backend, as configured now. Thread-safe.</summary>
internal sealed class IntegrityPolicies(IOptionsMonitor<IntegrityOptions> options)
{
    private volatile KnownKeys _known = new("", []);

    public IntegrityPolicy For(BackendId backend)
    {
        var current = options.CurrentValue;
        var own = current.Backends.GetValueOrDefault(backend.Value);
        return new IntegrityPolicy(own?.Mode ?? current.Mode, own?.NewTools ?? current.NewTools, KeysOf(current.OperatorKey ?? ""));
    }

    private IReadOnlyList<ECDsa> KeysOf(string pem)
    {
        var known = _known;
        if (known.Pem == pem)
            return known.Keys;
        if (!OperatorKeys.TryRead(pem, out var keys, out var problem))
            throw new InvalidOperationException($"integrity.operatorKey was not validated: {problem}.");
        _known = new KnownKeys(pem, keys);
        return keys;
    }

    private sealed record KnownKeys(string Pem, IReadOnlyList<ECDsa> Keys);
}
