using Cortex.Backends;
using Cortex.Foundation.Model;
using Cortex.Identity.Callers;

namespace Cortex.Identity.Linking;

/// <summary>
/// The backends at which accounts are linked, and the provider of each: remembered for a minute, so that the page that names it and the form that goes
/// there speak of the same. A backend that was changed is asked anew. Thread-safe.
/// </summary>
internal sealed class LinkProviders(BackendRegistry registry, ProviderDiscovery discovery, TimeProvider time)
{
    private const int MaxRemembered = 1_000;

    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);

    private readonly ExpiringCache<BackendId, Known> _known = new(MaxRemembered, time);

    /// <summary>Every such backend, by id.</summary>
    public IEnumerable<BackendDefinition> Backends => registry.Current.All.Where(backend => backend.Auth == BackendAuth.LinkedAccount);

    /// <summary>The backend of this name, or null when accounts are not linked there.</summary>
    public BackendDefinition? FindBackend(string? name) =>
        BackendId.TryParse(name, out var id) && registry.Current.Find(id) is { Auth: BackendAuth.LinkedAccount } backend ? backend : null;

    /// <summary>The provider of a backend.</summary>
    public async ValueTask<DiscoveryResult> FindAsync(BackendDefinition backend, CancellationToken cancellationToken)
    {
        if (_known.TryGet(backend.Id, out var known) && ReferenceEquals(known.Backend, backend))
            return known.Result;
        var result = await discovery.FindAsync(backend, cancellationToken);
        if (result is DiscoveryResult.Found { Provider.Issuer: var issuer } && backend.Options.Link.Issuer is { } wanted && issuer != wanted)
            return new DiscoveryResult.Failed($"it names the issuer '{issuer}', and not '{wanted}', which is configured");
        if (result is DiscoveryResult.Found found)
            _known.Set(backend.Id, new Known(backend, found), time.GetUtcNow() + Remembered);
        return result;
    }

    private sealed record Known(BackendDefinition Backend, DiscoveryResult.Found Result);
}
