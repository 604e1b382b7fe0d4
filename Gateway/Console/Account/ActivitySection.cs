using Cortex.Foundation.Model;
using Cortex.Foundation.Pages;

namespace Cortex.Console.Account;

/// <summary>What happened lately in the person's name.</summary>
internal sealed class ActivitySection(AccountActivity activity) : AccountSection
{
    public override int Order => 40;

    public override async Task<AccountPart?> ShowAsync(Person person, FormToken token, CancellationToken cancellationToken) =>
        new(typeof(ActivityPart), new Dictionary<string, object?> { [nameof(ActivityPart.Entries)] = await activity.FindAsync(person.Id, cancellationToken) });
}

/// <summary>One thing that happened, as the page shows it. Public because components are.</summary>
/// <param name="At">When.</param>
/// <param name="What">What happened.</param>
/// <param name="Where">The backend and its tool, prompt or resource; null when it was none.</param>
/// <param name="Client">By which client; null when it was none.</param>
/// <param name="Outcome">How it ended.</param>
public sealed record ActivityEntry(DateTimeOffset At, string What, string? Where, string? Client, string Outcome);
