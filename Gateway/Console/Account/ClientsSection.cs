using Cortex.Foundation.Model;
using Cortex.Foundation.Pages;
using Cortex.Identity.AuthorizationServer.Consent;

namespace Cortex.Console.Account;

/// <summary>The clients that the person let in, each with a button that ends it.</summary>
internal sealed class ClientsSection(ConnectedClients clients) : AccountSection
{
    /// <summary>Name of the field that tells which client.</summary>
    public const string ClientField = "client";

    public override int Order => 10;

    public override async Task<AccountPart?> ShowAsync(Person person, FormToken token, CancellationToken cancellationToken)
    {
        var shown = (await clients.ListAsync(person.Id, cancellationToken)).Select(client => new ShownClient(
            client.ClientId,
            client.Name,
            string.Join(", ", client.Destinations),
            [.. client.Scopes.Select(scope => ScopeWords.Describe(scope))],
            client.Since,
            client.LastUsedAt));
        return new AccountPart(typeof(ClientsPart), new Dictionary<string, object?>
        {
            [nameof(ClientsPart.Token)] = token,
            [nameof(ClientsPart.Clients)] = shown.ToArray(),
        });
    }
}

/// <summary>A client as the page shows it. Public because components are.</summary>
/// <param name="Id">Its id, for the form.</param>
/// <param name="Name">The name it gave itself, or its id.</param>
/// <param name="Destinations">Where answers to it go.</param>
/// <param name="Scopes">What it may do, in words.</param>
/// <param name="Since">Since when.</param>
/// <param name="LastUsedAt">When it last got a token; null when that is not on record.</param>
public sealed record ShownClient(string Id, string Name, string Destinations, IReadOnlyList<string> Scopes, DateTimeOffset Since, DateTimeOffset? LastUsedAt);
