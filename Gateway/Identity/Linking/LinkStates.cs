using System.Text.Json;
using Cortex.Foundation.Model;
using Cortex.Foundation.Sealing;
using Cortex.Foundation.Storage;

namespace Cortex.Identity.Linking;

/// <summary>
/// Keeps <see cref="LinkState"/>s between the gateway's page and the provider's answer, for <see cref="Lifetime"/>, at whichever replica. The
/// <c>state</c> that travels is a sealed random name, which opens only for its backend and with the cookie of the browser that set out; what it names
/// lies sealed in shared state under <c>link/state/{name}</c> and is taken out once. Thread-safe.
/// </summary>
internal sealed class LinkStates(ISharedState shared, Sealer sealer)
{
    /// <summary>How long a person has at the provider.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>Remembers a state and gives the <c>state</c> parameter for it.</summary>
    public async Task<string> KeepAsync(BackendId backend, string browser, LinkState state, CancellationToken cancellationToken)
    {
        var name = Guid.NewGuid().ToString("N");
        var content = sealer.Seal(JsonSerializer.SerializeToUtf8Bytes(state, LinkStateJson.Default.LinkState), Content(name));
        await shared.SetAsync(Key(name), content, Lifetime, cancellationToken);
        return sealer.SealText(name, Parameter(backend, browser));
    }

    /// <summary>Opens a <c>state</c> parameter: its name, or null when it was changed, or is of another backend or browser.</summary>
    public string? TryOpen(BackendId backend, string browser, string parameter) => sealer.TryOpenText(parameter, Parameter(backend, browser));

    /// <summary>Takes what a name stands for; null when it was taken before, or is too old.</summary>
    public async Task<LinkState?> TakeAsync(string name, CancellationToken cancellationToken) =>
        await shared.TakeAsync(Key(name), cancellationToken) is { } content && sealer.TryOpen(content, Content(name)) is { } plaintext
            ? JsonSerializer.Deserialize(plaintext, LinkStateJson.Default.LinkState)
            : null;

    private static string Key(string name) => $"link/state/{name}";

    private static string Content(string name) => $"link-state/{name}";

    private static string Parameter(BackendId backend, string browser) => $"link-state-name/{backend}/{browser}";
}
