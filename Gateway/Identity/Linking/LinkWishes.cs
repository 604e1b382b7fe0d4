using Cortex.Backends;
using Cortex.Foundation.Model;
using Cortex.Identity.Entitlements;
using Cortex.Identity.Linking.Pages;
using Cortex.Identity.Vault;

namespace Cortex.Identity.Linking;

/// <summary>Looks at what somebody who is signed in wants to link: for whom the invitation is, where it leads, what is to be asked for. Thread-safe.</summary>
internal sealed partial class LinkWishes(
    LinkProviders providers, LinkInvitations invitations, PersonStandings standings, PersonVault vault, LinkAudit audit, ILogger<LinkWishes> logger)
{
    /// <summary>The scope that makes some providers give a refresh token.</summary>
    public const string OfflineAccess = "offline_access";

    private const string InvitationParameter = "for";

    /// <summary>Reads the address of the page.</summary>
    public async Task<LinkWish> ReadAsync(HttpContext context, Person person, string name)
    {
        if (providers.FindBackend(name) is not { } backend)
            return Refuse(StatusCodes.Status404NotFound, "Nothing to link here", "There is no app of this name at which accounts are linked.");
        if ((await standings.FindAsync(person.Id, context.RequestAborted)).IsDisabled)
            return Refuse(StatusCodes.Status403Forbidden, "You are shut out", "An operator of this gateway has shut you out. Please ask them.");
        LinkRequest? invitation = null;
        if (context.Request.Query.TryGetValue(InvitationParameter, out var sealedText))
        {
            invitation = sealedText.Count == 1 ? invitations.TryRead(backend.Id, sealedText[0]) : null;
            if (invitation is null)
                return Refuse(StatusCodes.Status400BadRequest, "This link no longer counts", "It is too old, or was not copied as a whole. Ask your agent to try again for a new one, or begin here without it.", backend.Id);
            if (invitation.Person != person.Id)
            {
                audit.Denied(person.Id, backend.Id, "followed a link that was made for another person");
                return Refuse(StatusCodes.Status403Forbidden, "This link is not for you", "It was made for somebody else, and serves nobody but them. If it came from your own agent, sign in here as the person that your agent acts for.");
            }
        }

        switch (await providers.FindAsync(backend, context.RequestAborted))
        {
            case DiscoveryResult.Found(var provider):
                return new LinkWish.Good(backend, provider, await ScopesAsync(backend, provider, person, invitation?.Scopes ?? [], context.RequestAborted));
            case DiscoveryResult.Failed(var reason):
                Log.NoProvider(logger, backend.Id.Value, reason);
                return Refuse(
                    StatusCodes.Status502BadGateway,
                    "This app can't be linked at the moment",
                    $"The server of '{backend.Id}' did not tell where accounts are linked in a way that counts: {reason}. Nothing has changed. Try again in a minute; if it stays so, tell the people who run this gateway.",
                    backend.Id);
            default:
                throw new InvalidOperationException("Asking for a provider ended in no known way.");
        }

        LinkWish.Refused Refuse(int status, string title, string text, BackendId? again = null) => new(LinkPages.Say(context, status, title, text, person, again));
    }

    private static string[] Split(string scopes) => scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>What to ask for. More than the usual scopes come on top of those that are granted already, since a new grant takes the place of the old one.</summary>
    private async Task<string> ScopesAsync(
        BackendDefinition backend, LinkProvider provider, Person person, IReadOnlyList<string> more, CancellationToken cancellationToken)
    {
        IEnumerable<string> asked = backend.Options.Link.Scopes is { Count: > 0 } configured ? configured : Split(provider.Scopes);
        if (more.Count > 0 && (await vault.ListAsync(person.Id, cancellationToken)).FirstOrDefault(account => account.Backend == backend.Id) is { } present)
            asked = asked.Concat(Split(present.Scopes));
        asked = asked.Concat(more);
        if (provider.OffersOfflineAccess)
            asked = asked.Append(OfflineAccess);
        return string.Join(' ', asked.Distinct(StringComparer.Ordinal));
    }

    private static partial class Log
    {
        [LoggerMessage(3620, LogLevel.Warning, "Backend {Backend}: nobody can link an account, since its provider was not found: {Reason}", EventName = "linking.no_provider")]
        public static partial void NoProvider(ILogger logger, string backend, string reason);
    }
}
