using Cortex.Foundation.Model;
using Cortex.Governance.Audit;
using Cortex.Identity.AuthorizationServer.Consent;
using Cortex.Identity.Callers.PersonalTokens;

namespace Cortex.Console.Account;

/// <summary>Puts a person's newest audit records into words. A client of another issuer is known by its id alone.</summary>
internal sealed class AccountActivity(AuditHistory history, PersonalTokenStore tokens, ClientNames? names = null)
{
    private const int Most = 50;

    public async Task<IReadOnlyList<ActivityEntry>> FindAsync(PersonId person, CancellationToken cancellationToken)
    {
        var moments = await history.FindOwnAsync(person, Most, cancellationToken);
        var clients = (await tokens.ListAsync(person, cancellationToken)).ToDictionary(token => token.Id.Value, token => $"Token “{token.Name}”");
        foreach (var clientId in moments.Select(moment => moment.ClientId).OfType<string>().Distinct())
        {
            if (!clients.ContainsKey(clientId))
                clients[clientId] = await NameAsync(clientId, cancellationToken);
        }

        return [.. moments.Select(moment => new ActivityEntry(
            DateTimeOffset.FromUnixTimeMilliseconds(moment.Time),
            ActivityWords.Describe(moment),
            moment.Tool is null ? moment.Backend : $"{moment.Tool}, {moment.Backend}",
            moment.ClientId is null ? null : clients[moment.ClientId],
            ActivityWords.DescribeOutcome(moment.Outcome)))];
    }

    private async ValueTask<string> NameAsync(string clientId, CancellationToken cancellationToken) =>
        PersonalTokenId.TryParse(clientId, out _)
            ? "A token that was removed"
            : names is null ? clientId : await names.FindAsync(clientId, cancellationToken) ?? clientId;
}
