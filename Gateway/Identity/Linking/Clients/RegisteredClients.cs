using System.Security.Cryptography;
using System.Text;
using Cortex.Foundation.Storage;
using Cortex.Identity.Vault;

namespace Cortex.Identity.Linking.Clients;

/// <summary>
/// The client that the gateway registers at a provider by itself, once across all replicas:
/// 1. one that is on record is used, if the provider still knows it: a code that nobody has given is refused as <c>invalid_grant</c> then, and else the
///    client is (<c>invalid_client</c>). Without this question a provider that forgot the client would stop the person on a page of its own;
/// 2. otherwise one replica takes the lock of this issuer and redirect URI, looks once more, registers, and puts the client on record.
/// Thread-safe.
/// </summary>
internal sealed partial class RegisteredClients(
    RegisteredClientStore store, ProviderRegistration registration, TokenEndpoint tokens, ISharedState state, TimeProvider time, ILogger<RegisteredClients> logger)
{
    /// <summary>Longer than one registration takes.</summary>
    private static readonly TimeSpan Lease = ProviderRegistration.Deadline + TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Patience = Lease + TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>The client, registered now if need be.</summary>
    public async Task<ClientIdentityResult> FindAsync(LinkProvider provider, string redirectUri, CancellationToken cancellationToken)
    {
        var present = await store.FindAsync(provider.Issuer, redirectUri, cancellationToken);
        if (present is not null && await IsKnownAsync(provider, redirectUri, present, cancellationToken))
            return Use(provider, present);
        if (present is not null)
            await ForgetAsync(provider.Issuer, redirectUri, present.ClientId, cancellationToken);

        var started = time.GetTimestamp();
        while (time.GetElapsedTime(started) < Patience)
        {
            await using var held = await state.TryLockAsync(LockName(provider.Issuer, redirectUri), Lease, cancellationToken);
            if (await store.FindAsync(provider.Issuer, redirectUri, cancellationToken) is { } registered)
                return Use(provider, registered);
            if (held is not null)
                return await RegisterAsync(provider, redirectUri, cancellationToken);
            await Task.Delay(Pause, time, cancellationToken);
        }

        return new ClientIdentityResult.Failed("Another replica of the gateway is registering at the provider and has not come to an end. Try again in a minute.");
    }

    /// <summary>Forgets a client that its provider does not know any more.</summary>
    public Task ForgetAsync(string issuer, string redirectUri, string clientId, CancellationToken cancellationToken)
    {
        Log.Forgotten(logger, issuer);
        return store.ForgetAsync(issuer, redirectUri, clientId, cancellationToken);
    }

    private static string LockName(string issuer, string redirectUri) =>
        $"link/register/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{redirectUri} {issuer}")))}";

    private static ClientIdentityResult.Found Use(LinkProvider provider, RegisteredClient client) =>
        new(provider.MakeClient(client.ClientId, client.Secret, client.Authentication) with { IsRegistered = true });

    private async Task<ClientIdentityResult> RegisterAsync(LinkProvider provider, string redirectUri, CancellationToken cancellationToken)
    {
        switch (await registration.RegisterAsync(provider, redirectUri, cancellationToken))
        {
            case RegistrationOutcome.Registered(var client):
                // Registered is registered: whoever asked may have left, the next one finds it.
                await store.SaveAsync(provider.Issuer, redirectUri, client, CancellationToken.None);
                Log.Registered(logger, provider.Issuer);
                return Use(provider, client);
            case RegistrationOutcome.Failed(var reason):
                Log.NotRegistered(logger, provider.Issuer, reason);
                return new ClientIdentityResult.Failed($"The provider {provider.Issuer} did not register the gateway: {reason}. Try again in a minute; if it stays so, an operator must register a client there by hand.");
            default:
                throw new InvalidOperationException("A registration ended in no known way.");
        }
    }

    private async Task<bool> IsKnownAsync(LinkProvider provider, string redirectUri, RegisteredClient client, CancellationToken cancellationToken) =>
        await tokens.AskAsync(
            Use(provider, client).Client,
            [
                KeyValuePair.Create("grant_type", "authorization_code"),
                KeyValuePair.Create("code", Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))),
                KeyValuePair.Create("redirect_uri", redirectUri),
                KeyValuePair.Create("code_verifier", Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))),
            ],
            cancellationToken) is not TokenResult.Refused("invalid_client");

    private static partial class Log
    {
        [LoggerMessage(3610, LogLevel.Information, "The gateway has registered itself at {Issuer}", EventName = "linking.registered")]
        public static partial void Registered(ILogger logger, string issuer);

        [LoggerMessage(3611, LogLevel.Warning, "The gateway could not register itself at {Issuer}: {Reason}", EventName = "linking.not_registered")]
        public static partial void NotRegistered(ILogger logger, string issuer, string reason);

        [LoggerMessage(3612, LogLevel.Information, "{Issuer} does not know the gateway's client any more; it will be registered anew", EventName = "linking.client_forgotten")]
        public static partial void Forgotten(ILogger logger, string issuer);
    }
}
