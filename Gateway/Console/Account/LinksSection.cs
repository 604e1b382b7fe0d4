using Cortex.Foundation.Model;
using Cortex.Foundation.Pages;
using Cortex.Identity.Linking;

namespace Cortex.Console.Account;

/// <summary>The person's accounts at third parties: which are linked, which can be, each with its button.</summary>
internal sealed class LinksSection(PersonLinks links) : AccountSection
{
    public override int Order => 20;

    public override async Task<AccountPart?> ShowAsync(Person person, FormToken token, CancellationToken cancellationToken)
    {
        var shown = (await links.ListAsync(person.Id, cancellationToken)).Select(Show).ToArray();
        return shown.Length == 0
            ? null
            : new AccountPart(typeof(LinksPart), new Dictionary<string, object?>
            {
                [nameof(LinksPart.Token)] = token,
                [nameof(LinksPart.Links)] = shown,
            });
    }

    private static ShownLink Show(PersonLink link) => new(
        link.Id.Value,
        link.Provider ?? link.Backend?.ServerAddress.Authority ?? "",
        link.Account?.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [],
        link.Standing switch
        {
            LinkStanding.Linked when link.Backend is null => "Linked, but this gateway does not use it any more",
            LinkStanding.Linked => "Linked",
            LinkStanding.NeedsRelink => "Has to be linked again: the provider does not take it any more",
            _ => "Not linked",
        },
        link.Account?.LinkedAt,
        CanLink: link.Backend is not null && link.Standing != LinkStanding.Linked,
        TakesTokens: link.Backend?.Options.Link.PersonalTokens ?? false);
}

/// <summary>One app as the page shows it. Public because components are.</summary>
/// <param name="Backend">Its name.</param>
/// <param name="Provider">Host of whoever granted it, or of the app where nobody did.</param>
/// <param name="Scopes">What was granted, in the provider's words.</param>
/// <param name="State">How it stands, in words.</param>
/// <param name="Since">When it was linked; null for never.</param>
/// <param name="CanLink">True when there is a way to link it now.</param>
/// <param name="TakesTokens">True when a token can be pasted.</param>
public sealed record ShownLink(string Backend, string Provider, IReadOnlyList<string> Scopes, string State, DateTimeOffset? Since, bool CanLink, bool TakesTokens);
