using Cortex.Backends;
using Cortex.Foundation.Model;
using Cortex.Identity.Vault;

namespace Cortex.Catalog.Personal;

/// <summary>One person's catalog of one backend, and how it stands. Guarded by the lock of its <see cref="PersonShelf"/>.</summary>
internal sealed class PersonalEntry(BackendDefinition backend)
{
    /// <summary>The backend as it was configured when it was last read.</summary>
    public BackendDefinition Backend { get; set; } = backend;

    /// <summary>The last good catalog; null when there is none.</summary>
    public BackendCatalog? Catalog { get; set; }

    public PersonalState State { get; set; }

    /// <summary>Why it could not be read; null when it could.</summary>
    public string? Problem { get; set; }

    /// <summary>Grows with each change of the person's grant, so that what was read under an older one does not count.</summary>
    public int Generation { get; set; }

    /// <summary>When it is to be read again.</summary>
    public DateTimeOffset DueAt { get; set; } = DateTimeOffset.MinValue;

    public DateTimeOffset StartedAt { get; set; }

    /// <summary>The read that is under way; null when none is.</summary>
    public Task? Running { get; set; }

    /// <summary>Failures in a row.</summary>
    public int Failures { get; set; }

    /// <summary>True when the next read is to be told whatever it finds.</summary>
    public bool IsAnnounced { get; set; }

    /// <summary>Bytes of its items.</summary>
    public long Bytes => Catalog?.Items.Sum(item => (long)item.Json.Length) ?? 0;

    /// <summary>Takes what a read came to; true when the person sees something else than before.</summary>
    public bool Take(PersonalOutcome outcome, DateTimeOffset now, CatalogSchedule schedule)
    {
        var before = (State, Catalog);
        switch (outcome)
        {
            case PersonalOutcome.Read read:
                (State, Problem, Failures) = (PersonalState.Read, null, 0);
                DueAt = now + Longer(read.Catalog.TimeToLive ?? schedule.PersonalLife, schedule.LeastPause);
                Catalog = Catalog is { } known && IsSame(known, read.Catalog) ? known with { FetchedAt = read.Catalog.FetchedAt } : read.Catalog;
                return before.State != State || before.Catalog is null || !ReferenceEquals(before.Catalog.Items, Catalog.Items);
            case PersonalOutcome.NotLinked notLinked:
                (State, Problem, Failures) = (PersonalState.NotLinked, notLinked.Reason, 0);
                DueAt = now + schedule.Interval;
                if (!notLinked.IsAgain)
                    Catalog = null;
                break;
            case PersonalOutcome.Failed failed:
                (State, Problem) = (PersonalState.Failed, failed.Reason);
                DueAt = now + Shorter(schedule.LeastPause * Math.Pow(2, Math.Min(Failures++, 10)), schedule.Interval);
                if (Catalog is { } last && now - last.FetchedAt > Backend.Options.StaleAfter)
                    Catalog = null;
                break;
        }

        return before != (State, Catalog);
    }

    /// <summary>Takes a change of the person's grant; true when the person sees something else than before.</summary>
    public bool Take(GrantChange change)
    {
        Generation++;
        DueAt = DateTimeOffset.MinValue;
        var before = (State, Catalog);
        switch (change)
        {
            case GrantChange.Linked:
                IsAnnounced = true;
                if (Catalog is null)
                    State = PersonalState.Unknown;
                break;
            case GrantChange.NeedsRelink:
                State = PersonalState.NotLinked;
                break;
            case GrantChange.Unlinked:
                (State, Catalog) = (PersonalState.NotLinked, null);
                break;
        }

        return before != (State, Catalog);
    }

    private static bool IsSame(BackendCatalog one, BackendCatalog other) =>
        one.Speech == other.Speech && one.Items.Count == other.Items.Count
        && one.Items.Zip(other.Items).All(pair => pair.First.Kind == pair.Second.Kind && pair.First.Name == pair.Second.Name
            && pair.First.Scope == pair.Second.Scope && pair.First.Json.AsSpan().SequenceEqual(pair.Second.Json));

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}

/// <summary>How a person's catalog of a backend stands.</summary>
internal enum PersonalState
{
    /// <summary>It was not tried yet, or not since the account was linked.</summary>
    Unknown,

    /// <summary>It was read.</summary>
    Read,

    /// <summary>It could not be read the last time.</summary>
    Failed,

    /// <summary>The person must link their account.</summary>
    NotLinked,
}

/// <summary>What a read came to.</summary>
internal abstract record PersonalOutcome
{
    private PersonalOutcome()
    {
    }

    public sealed record Read(BackendCatalog Catalog) : PersonalOutcome;

    public sealed record Failed(string Reason) : PersonalOutcome;

    /// <param name="Reason">One sentence.</param>
    /// <param name="IsAgain">True when it was linked once: what was listed stays, and answers with the link.</param>
    public sealed record NotLinked(string Reason, bool IsAgain) : PersonalOutcome;
}

/// <summary>That a person's catalogs changed.</summary>
/// <param name="Person">Whose.</param>
/// <param name="Backend">Of which backend.</param>
/// <param name="Announced">True when it is to be told whether lists differ or not.</param>
internal readonly record struct PersonalChange(PersonId Person, BackendId Backend, bool Announced);
