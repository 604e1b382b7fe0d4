using OpenIddict.Abstractions;

namespace Cortex.Identity.AuthorizationServer.Consent;

/// <summary>What people are told of a client: the name it gave itself, and where answers to it go.</summary>
internal sealed class ClientNames(IOpenIddictApplicationManager clients)
{
    /// <summary>The name of a client; null when it gave none, or is no more.</summary>
    public async ValueTask<string?> FindAsync(string clientId, CancellationToken cancellationToken) =>
        await clients.FindByClientIdAsync(clientId, cancellationToken) is { } client
        && await clients.GetDisplayNameAsync(client, cancellationToken) is { Length: > 0 } name
            ? name
            : null;

    /// <summary>Where answers to a client may go.</summary>
    public async ValueTask<IReadOnlyList<string>> FindDestinationsAsync(string clientId, CancellationToken cancellationToken) =>
        await clients.FindByClientIdAsync(clientId, cancellationToken) is { } client
            ? [.. (await clients.GetRedirectUrisAsync(client, cancellationToken)).Select(uri => NameDestination(new Uri(uri))).Distinct()]
            : [];

    /// <summary>Host and port, or the scheme of an app.</summary>
    public static string NameDestination(Uri redirectUri) =>
        redirectUri.Scheme is "https" or "http" ? redirectUri.Authority : $"{redirectUri.Scheme}: (an app on this device)";
}
