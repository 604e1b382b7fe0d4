using Cortex.Identity.AuthorizationServer.Registration;
using Cortex.Identity.AuthorizationServer.Storage;
using Cortex.Identity.Callers;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using OpenIddict.EntityFrameworkCore.Models;

namespace Cortex.Identity.AuthorizationServer.Clients;

/// <summary>
/// Brings OpenIddict's applications in line with <c>identity.authorizationServer.clients</c>: what is new is added, what changed is changed, what
/// was removed goes with its grants and tokens. Replicas may do this at once; one that was overtaken begins again.
/// </summary>
internal sealed partial class ConfiguredClients(
    IOpenIddictApplicationManager clients, AuthorizationDbContext database, Revocations revocations, ILogger<ConfiguredClients> logger)
{
    /// <summary>How an application of the configuration is told from others in the column <c>properties</c>.</summary>
    private const string OriginMark = $"\"{ClientRegistry.OriginProperty}\":\"{ConfiguredClientDescriptor.Origin}\"";

    /// <summary>Does one client at a time; a client that fails keeps the others from nothing.</summary>
    public async Task AlignAsync(IReadOnlyList<ClientOptions> configured, CancellationToken cancellationToken)
    {
        foreach (var client in configured)
            await AlignAsync(client, cancellationToken);
        var ids = configured.Select(client => client.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var id in (await FindIdsAsync(cancellationToken)).Where(id => !ids.Contains(id)))
            await RemoveAsync(id, cancellationToken);
    }

    private async Task AlignAsync(ClientOptions client, CancellationToken cancellationToken)
    {
        var wanted = ConfiguredClientDescriptor.Of(client);
        if (await clients.FindByClientIdAsync(client.Id, cancellationToken) is not { } application)
        {
            await clients.CreateAsync(wanted, cancellationToken);
            Log.Added(logger, client.Id);
            return;
        }

        var present = new OpenIddictApplicationDescriptor();
        await clients.PopulateAsync(present, application, cancellationToken);
        if (client.Secret is null ? present.ClientSecret is null : await clients.ValidateClientSecretAsync(application, client.Secret.Reveal(), cancellationToken))
        {
            // The database holds a salted hash: what is still right is not hashed anew.
            wanted.ClientSecret = present.ClientSecret;
            if (ConfiguredClientDescriptor.IsSame(wanted, present))
                return;
        }

        await clients.UpdateAsync(application, wanted, cancellationToken);
        Log.Changed(logger, client.Id);
    }

    private async Task RemoveAsync(string id, CancellationToken cancellationToken)
    {
        if (await clients.FindByClientIdAsync(id, cancellationToken) is not { } application)
            return;
        await clients.DeleteAsync(application, cancellationToken);
        await revocations.TellAllAsync();
        Log.Removed(logger, id);
    }

    private async Task<string[]> FindIdsAsync(CancellationToken cancellationToken) =>
        await database.Set<OpenIddictEntityFrameworkCoreApplication>()
            .Where(application => application.Properties!.Contains(OriginMark))
            .Select(application => application.ClientId!)
            .ToArrayAsync(cancellationToken);

    private static partial class Log
    {
        [LoggerMessage(4110, LogLevel.Information, "Client {Client} was added from the configuration", EventName = "client.added")]
        public static partial void Added(ILogger logger, string client);

        [LoggerMessage(4111, LogLevel.Information, "Client {Client} was changed by the configuration", EventName = "client.changed")]
        public static partial void Changed(ILogger logger, string client);

        [LoggerMessage(4112, LogLevel.Information, "Client {Client} was removed from the configuration; its grants and tokens ended", EventName = "client.removed")]
        public static partial void Removed(ILogger logger, string client);
    }
}
