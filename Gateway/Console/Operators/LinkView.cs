using Cortex.Identity.Linking;

namespace Cortex.Console.Operators;

/// <summary>How one person's account stands at one backend.</summary>
/// <param name="State"><c>linked</c>, <c>needs_relink</c> or <c>not_linked</c>.</param>
/// <param name="Issuer">Who granted it; null when nobody did.</param>
/// <param name="Scopes">What was granted, in the provider's words.</param>
/// <param name="LinkedAt">When it was linked; null for never.</param>
/// <param name="IsConfigured">False when the backend is gone, or links no accounts any more.</param>
internal sealed record LinkView(string Backend, string State, string? Issuer, IReadOnlyList<string> Scopes, DateTimeOffset? LinkedAt, bool IsConfigured)
{
    public static LinkView Of(PersonLink link) => new(
        link.Id.Value,
        Word(link.Standing),
        link.Account?.Issuer,
        link.Account?.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [],
        link.Account?.LinkedAt,
        link.Backend is not null);

    public static string Word(LinkStanding standing) => standing switch
    {
        LinkStanding.Linked => "linked",
        LinkStanding.NeedsRelink => "needs_relink",
        _ => "not_linked",
    };
}

/// <summary>A link that was ended.</summary>
/// <param name="RevokedAtProvider">True when the provider said that it has taken the grant back.</param>
internal sealed record EndedLink(string Backend, bool RevokedAtProvider);

/// <summary>What operators change of a link, for the record.</summary>
internal sealed record PersonLinkState(string Backend, string State, string? Issuer)
{
    public static PersonLinkState Of(PersonLink link) => new(link.Id.Value, LinkView.Word(link.Standing), link.Account?.Issuer);
}
