namespace Cortex.Console.Operators;

/// <summary>What becomes of a need.</summary>
/// <param name="State"><c>open</c>, <c>triaged</c>, <c>planned</c>, <c>resolved</c>, <c>wont_fix</c> or <c>duplicate</c>.</param>
/// <param name="Resolution">What its reporters are told, at most 2000 characters; replaces what they were told before, null takes it away.</param>
internal sealed record NeedStateChange(string? State, string? Resolution);

/// <summary>Whose a need is.</summary>
/// <param name="Backend">Id of a configured backend; null for nobody's.</param>
internal sealed record NeedAssignment(string? Backend);

/// <summary>A note for operators.</summary>
/// <param name="Text">1 to 8000 characters.</param>
internal sealed record NewNote(string? Text);

/// <summary>A link for operators.</summary>
/// <param name="Url">An http or https address; one that is there already gets the new title.</param>
internal sealed record NewLink(string? Url, string? Title);

/// <summary>Where a need's tickets go.</summary>
/// <param name="Into">Id of the other need.</param>
internal sealed record NeedMerge(string? Into);

/// <summary>What becomes a need of its own.</summary>
/// <param name="Tickets">Ids of tickets of the need; all others in the same words go with them.</param>
internal sealed record NeedSplit(IReadOnlyList<string?>? Tickets);
