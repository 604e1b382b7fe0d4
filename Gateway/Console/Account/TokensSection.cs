using Cortex.Foundation.Model;
using Cortex.Foundation.Pages;
using Cortex.Identity.AuthorizationServer.Consent;
using Cortex.Identity.Callers.PersonalTokens;

namespace Cortex.Console.Account;

/// <summary>The person's personal access tokens, each with a button that ends it, and the way to a new one.</summary>
internal sealed class TokensSection(PersonalTokenStore tokens, TimeProvider time) : AccountSection
{
    public override int Order => 30;

    public override async Task<AccountPart?> ShowAsync(Person person, FormToken token, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var shown = (await tokens.ListAsync(person.Id, cancellationToken)).Select(known => new ShownToken(
            known.Id.Value,
            known.Name,
            [.. known.Scopes.Select(scope => ScopeWords.Describe(scope))],
            known.CreatedAt,
            known.ExpiresAt,
            known.ExpiresAt <= now,
            known.LastUsedAt));
        return new AccountPart(typeof(TokensPart), new Dictionary<string, object?>
        {
            [nameof(TokensPart.Token)] = token,
            [nameof(TokensPart.Tokens)] = shown.ToArray(),
        });
    }
}

/// <summary>A personal access token as the page shows it. Public because components are.</summary>
/// <param name="Id">Its id, for the form.</param>
/// <param name="Name">What the person called it.</param>
/// <param name="Scopes">What it may do, in words.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it ends.</param>
/// <param name="HasEnded">True once it has.</param>
/// <param name="LastUsedAt">When it was last used; null when never.</param>
public sealed record ShownToken(
    string Id, string Name, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, bool HasEnded, DateTimeOffset? LastUsedAt);
