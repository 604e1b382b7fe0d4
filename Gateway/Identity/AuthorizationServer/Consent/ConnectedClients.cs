using Cortex.Foundation.Model;
using Cortex.Governance.Audit;
using Cortex.Identity.AuthorizationServer.Storage;
using Cortex.Identity.AuthorizationServer.Tokens;
using Microsoft.EntityFrameworkCore;
using OpenIddict.EntityFrameworkCore.Models;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Cortex.Identity.AuthorizationServer.Consent;

/// <summary>
/// The clients that a person let in: those that hold a token that can still be used, and those that would get one without another question. Ending one
/// ends its consent and every grant and token of this person at it.
/// </summary>
internal sealed class ConnectedClients(
    AuthorizationDbContext database, ConsentStore consents, GrantRevocation grants, ClientNames names, AuditLog audit, TimeProvider time)
{
    /// <summary>The clients, the one used last first.</summary>
    public async Task<IReadOnlyList<ConnectedClient>> ListAsync(PersonId person, CancellationToken cancellationToken)
    {
        var allowed = (await consents.ListAsync(person, cancellationToken)).ToLookup(consent => consent.ClientId);
        var granted = (await FindGrantsAsync(person, cancellationToken)).ToLookup(grant => grant.ClientId!);
        var clients = new List<ConnectedClient>();
        foreach (var clientId in allowed.Select(group => group.Key).Union(granted.Where(group => group.Any(grant => grant.IsAlive)).Select(group => group.Key)))
            clients.Add(await DescribeAsync(clientId, [.. allowed[clientId]], [.. granted[clientId]], cancellationToken));
        return [.. clients.OrderByDescending(client => client.LastUsedAt ?? client.Since)];
    }

    /// <summary>Ends what a person gave a client. Nothing of it ends with the request that asked for it.</summary>
    public async Task EndAsync(PersonId person, string clientId)
    {
        await audit.WriteAsync(
            new AuditRecord
            {
                Event = "auth.disconnect",
                Outcome = "ok",
                Time = time.GetUtcNow(),
                PersonId = person.Value,
                ClientId = clientId,
                Detail = "by the person",
            },
            CancellationToken.None);
        await consents.ForgetAsync(person, clientId, CancellationToken.None);
        foreach (var grant in await FindGrantsAsync(person, CancellationToken.None))
        {
            if (grant.ClientId == clientId)
                await grants.EndAsync(grant.Id, person.Value, clientId, "by the person");
        }
    }

    /// <summary>Ends what a person gave to any client.</summary>
    public async Task EndAllAsync(PersonId person)
    {
        var allowed = await consents.ListAsync(person, CancellationToken.None);
        var granted = await FindGrantsAsync(person, CancellationToken.None);
        foreach (var clientId in allowed.Select(consent => consent.ClientId).Union(granted.Select(grant => grant.ClientId!)))
            await EndAsync(person, clientId);
    }

    private async Task<IReadOnlyList<GrantOnRecord>> FindGrantsAsync(PersonId person, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return await database.Set<OpenIddictEntityFrameworkCoreAuthorization>()
            .AsNoTracking()
            .Where(grant => grant.Subject == person.Value && grant.Status == Statuses.Valid && grant.Application!.ClientId != null)
            .Select(grant => new GrantOnRecord(
                grant.Id!,
                grant.Application!.ClientId,
                grant.Scopes,
                grant.CreationDate,
                grant.Tokens.Max(token => token.CreationDate),
                grant.Tokens.Any(token => token.Status == Statuses.Valid && token.ExpirationDate > now)))
            .ToListAsync(cancellationToken);
    }

    private async Task<ConnectedClient> DescribeAsync(
        string clientId, IReadOnlyList<ConsentRow> allowed, IReadOnlyList<GrantOnRecord> granted, CancellationToken cancellationToken)
    {
        var moments = allowed.Select(consent => DateTimeOffset.FromUnixTimeMilliseconds(consent.GrantedAt)).Concat(granted.Select(grant => grant.Since));
        return new ConnectedClient(
            clientId,
            await names.FindAsync(clientId, cancellationToken) ?? clientId,
            allowed.Count > 0
                ? [.. allowed.Select(consent => ClientNames.NameDestination(new Uri(consent.RedirectUri))).Distinct()]
                : await names.FindDestinationsAsync(clientId, cancellationToken),
            ScopeSet.ParseLenient(string.Join(' ', allowed.Select(consent => consent.Scopes).Concat(granted.Select(grant => grant.Scopes)))),
            moments.Min(),
            granted.Max(grant => grant.LastTokenAt));
    }
}
