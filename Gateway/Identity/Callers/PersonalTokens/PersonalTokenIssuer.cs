using Cortex.Foundation.Model;
using Cortex.Governance.Audit;

namespace Cortex.Identity.Callers.PersonalTokens;

/// <summary>Makes and revokes personal access tokens. Each change is in the audit log before it is answered.</summary>
internal sealed class PersonalTokenIssuer(PersonalTokenStore store, Revocations revocations, AuditLog audit, TimeProvider time)
{
    public const int MaxNameLength = 60;

    public const int DefaultDays = 90;

    public const int MaxDays = 365;

    /// <summary>Makes a token of what a person asks for.</summary>
    /// <param name="person">For whom.</param>
    /// <param name="wish">What they ask for.</param>
    /// <param name="offered">The scopes they may use.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task<PersonalTokenResult> MakeAsync(Person person, PersonalTokenWish wish, ScopeSet offered, CancellationToken cancellationToken)
    {
        var name = wish.Name.Trim();
        var scopes = ScopeSet.Of(wish.Scopes.Where(scope => !scope.IsReserved)).Intersect(offered);
        if (name.Length is 0 or > MaxNameLength || name.Any(char.IsControl))
            return new PersonalTokenResult.Refused($"Give the token a name of 1 to {MaxNameLength} characters.");
        if (wish.Days is not (>= 1 and <= MaxDays))
            return new PersonalTokenResult.Refused($"Let the token end after 1 to {MaxDays} days.");
        if (scopes.Count == 0)
            return new PersonalTokenResult.Refused("Tick at least one thing that the token may do.");

        var now = time.GetUtcNow();
        var text = PersonalTokenText.New();
        var token = new PersonalToken(PersonalTokenId.New(time), person.Id, name, scopes, now, now + TimeSpan.FromDays(wish.Days.Value), null);
        switch (await store.AddAsync(token, TokenHash.Of(text), cancellationToken))
        {
            case PersonalTokenStore.AddResult.NameTaken:
                return new PersonalTokenResult.Refused("You have a token of this name. Choose another name, or remove that token first.");
            case PersonalTokenStore.AddResult.TooMany:
                return new PersonalTokenResult.Refused($"You have {PersonalTokenStore.MaxPerPerson} tokens, and can't have more. Remove one first.");
            default:
                await NoteAsync("auth.personal_token", token.PersonId, token.Id, scopes, $"made for {wish.Days} days");
                return new PersonalTokenResult.Made(token, text);
        }
    }

    /// <summary>Ends a token, at every replica; false when the person has none with this id.</summary>
    public async Task<bool> RevokeAsync(PersonId person, PersonalTokenId id, CancellationToken cancellationToken)
    {
        if (!await store.RemoveAsync(person, id, cancellationToken))
            return false;
        await revocations.TellAsync(id.Value, time.GetUtcNow() + PersonalTokenValidation.Kept);
        await NoteAsync("auth.revoke", person, id, ScopeSet.Empty, "personal access token revoked: by the person");
        return true;
    }

    // What is done is noted whether or not whoever asked still waits.
    private ValueTask NoteAsync(string name, PersonId person, PersonalTokenId id, ScopeSet scopes, string detail) => audit.WriteAsync(
        new AuditRecord
        {
            Event = name,
            Outcome = "ok",
            Time = time.GetUtcNow(),
            PersonId = person.Value,
            ClientId = id.Value,
            Scope = scopes.Count == 0 ? null : scopes.ToString(),
            Detail = detail,
        },
        CancellationToken.None);
}

/// <summary>What a person asks for.</summary>
/// <param name="Name">What to call it.</param>
/// <param name="Scopes">What it is to hold.</param>
/// <param name="Days">After how many days it is to end; null when that was no number.</param>
internal sealed record PersonalTokenWish(string Name, ScopeSet Scopes, int? Days);

/// <summary>What became of it.</summary>
internal abstract record PersonalTokenResult
{
    private PersonalTokenResult()
    {
    }

    /// <param name="Token">What is on record.</param>
    /// <param name="Text">The token itself, which is nowhere else.</param>
    public sealed record Made(PersonalToken Token, string Text) : PersonalTokenResult;

    /// <param name="Problem">One sentence for the person.</param>
    public sealed record Refused(string Problem) : PersonalTokenResult;
}
