using Cortex.Backends;
using Cortex.Foundation.Model;
using Cortex.Identity.Credentials;

namespace Cortex.Mcp.Links;

/// <summary>
/// Holds a call whose person has just opened the page where they link an account, since clients retry at once: until the account is linked, for
/// <see cref="LinkPatience"/> at most. A look asks the vault, which remembers what it knows, and hears of changes at any replica.
/// </summary>
internal sealed class LinkWait(CredentialResolver credentials, LinkPatience patience, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Waits until another account than <paramref name="account"/> is linked.</summary>
    public async Task UntilLinkedAsync(Caller caller, BackendDefinition backend, string? account, HttpContext request, CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        while (!await IsLinkedAsync(caller, backend, account, request, cancellationToken) && time.GetElapsedTime(since) < patience.Longest)
            await Task.Delay(Pause, time, cancellationToken);
    }

    private async ValueTask<bool> IsLinkedAsync(Caller caller, BackendDefinition backend, string? account, HttpContext request, CancellationToken cancellationToken) =>
        await credentials.ResolveAsync(caller, backend, request, cancellationToken) is CredentialResult.Granted granted && granted.Account != account;
}

/// <summary>How long a call is held while its person links an account.</summary>
/// <param name="Longest">Clients wait a minute for an answer, as a rule.</param>
internal sealed record LinkPatience(TimeSpan Longest)
{
    public static LinkPatience Default { get; } = new(TimeSpan.FromSeconds(40));
}
