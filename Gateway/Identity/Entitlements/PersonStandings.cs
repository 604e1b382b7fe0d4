using System.Text;
using Cortex.Foundation.Model;
using Cortex.Foundation.Storage;
using Cortex.Identity.Callers;
using Dapper;

namespace Cortex.Identity.Entitlements;

/// <summary>
/// The standing of persons, remembered until the bus tells of a change: that is within a second at every replica. A replica that may have missed
/// messages forgets all and asks the database again. What was remembered is asked for again after <see cref="Remembered"/> in any case. Wire on the
/// bus: the person's id. Thread-safe.
/// </summary>
internal sealed class PersonStandings(
    Database database, ISharedState state, StandingListeners listeners, TimeProvider time, ILogger<PersonStandings> logger)
    : BusFollower(state, BusChannel, time, logger)
{
    private const string BusChannel = "standings";
    private const int MaxRemembered = 50_000;

    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(5);

    private readonly ExpiringCache<PersonId, PersonStanding> _known = new(MaxRemembered, time);

    /// <summary>Grows with each change that was heard of, so that what was read before it is not remembered after it.</summary>
    private int _changes;

    /// <summary>How a person stands now.</summary>
    public ValueTask<PersonStanding> FindAsync(PersonId person, CancellationToken cancellationToken) =>
        _known.TryGet(person, out var known) ? ValueTask.FromResult(known) : ReadAsync(person, cancellationToken);

    /// <summary>Tells every replica that a person's standing has changed. It is on record by now.</summary>
    public ValueTask TellAsync(PersonId person)
    {
        Forget(person);
        return SendAsync(Encoding.ASCII.GetBytes(person.Value));
    }

    private async ValueTask<PersonStanding> ReadAsync(PersonId person, CancellationToken cancellationToken)
    {
        var changes = Volatile.Read(ref _changes);
        await using var connection = await database.OpenAsync(cancellationToken);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            """
            SELECT given.plan AS Plan, persons.disabled_at AS DisabledAt
            FROM persons LEFT JOIN person_plans AS given ON given.person_id = persons.id
            WHERE persons.id = @Id
            """,
            new { Id = person.Value },
            cancellationToken: cancellationToken));
        var standing = row is null or { Plan: null, DisabledAt: null } ? PersonStanding.Ordinary : new PersonStanding(row.Plan, row.DisabledAt is not null);
        if (changes != Volatile.Read(ref _changes))
            return standing;
        _known.Set(person, standing, Time.GetUtcNow() + Remembered);
        if (changes != Volatile.Read(ref _changes))
            _known.Remove(person);
        return standing;
    }

    protected override void Deliver(ReadOnlyMemory<byte> message)
    {
        if (PersonId.TryParse(Encoding.ASCII.GetString(message.Span), out var person))
            Forget(person);
    }

    private void Forget(PersonId person)
    {
        Interlocked.Increment(ref _changes);
        _known.Remove(person);
        listeners.Call(person);
    }

    protected override void Miss()
    {
        Interlocked.Increment(ref _changes);
        _known.Clear();
        listeners.CallAll();
    }

    private sealed class Row
    {
        public string? Plan { get; init; }

        public long? DisabledAt { get; init; }
    }
}
