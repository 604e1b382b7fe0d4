using System.Data.Common;
using Cortex.Foundation.Model;
using Cortex.Foundation.Storage;
using Dapper;

namespace Cortex.Identity.Callers;

/// <summary>The persons of the table <c>persons</c>, with a bounded memory of those met lately, so that a known person costs no I/O. Thread-safe.</summary>
internal sealed class PersonStore(Database database, TimeProvider time)
{
    private const int RememberedPersons = 10_000;

    // Another replica may learn something new about a person; after this long every replica has read it.
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(5);

    private readonly ExpiringCache<(string Issuer, string Subject), Person> _bySubject = new(RememberedPersons, time);
    private readonly ExpiringCache<PersonId, Person> _byId = new(RememberedPersons, time);

    /// <summary>
    /// The person whom <paramref name="issuer"/> calls <paramref name="subject"/>, made when new, brought up to date when the claims changed.
    /// An e-mail address or name that the claims leave out is kept; a role or pool that they leave out is taken away.
    /// </summary>
    public async Task<Person> EnsureAsync(string issuer, string subject, PersonClaims claims, CancellationToken cancellationToken)
    {
        if (_bySubject.TryGet((issuer, subject), out var known) && known == Merge(known, claims))
            return known;

        await using var connection = await database.OpenAsync(cancellationToken);
        var stored = await ReadAsync(connection, issuer, subject, cancellationToken)
            ?? await InsertAsync(connection, issuer, subject, claims, cancellationToken);
        var current = Merge(stored, claims);
        if (current != stored)
            await UpdateAsync(connection, current, cancellationToken);
        return Remember(current);
    }

    /// <summary>The person with this id, or null.</summary>
    public async ValueTask<Person?> FindAsync(PersonId id, CancellationToken cancellationToken)
    {
        if (_byId.TryGet(id, out var known))
            return known;

        await using var connection = await database.OpenAsync(cancellationToken);
        const string sql = """
            SELECT id, issuer, subject, email, email_verified AS emailVerified, name, role, pool, groups_json AS groupsJson
            FROM persons
            WHERE id = @Id
            """;
        var row = await connection.QuerySingleOrDefaultAsync<PersonRow>(
            new CommandDefinition(sql, new { Id = id.Value }, cancellationToken: cancellationToken));
        return row is null ? null : Remember(row.ToPerson());
    }

    private static Person Merge(Person person, PersonClaims claims) => person with
    {
        Email = claims.Email ?? person.Email,
        EmailVerified = claims.Email is null ? person.EmailVerified : claims.EmailVerified,
        Name = claims.Name ?? person.Name,
        Role = claims.Role,
        Pool = claims.Pool,
        Groups = claims.Groups ?? person.Groups,
    };

    private static async Task<Person?> ReadAsync(DbConnection connection, string issuer, string subject, CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT id, issuer, subject, email, email_verified AS emailVerified, name, role, pool, groups_json AS groupsJson
            FROM persons
            WHERE issuer = @Issuer AND subject = @Subject
            """;
        var row = await connection.QuerySingleOrDefaultAsync<PersonRow>(
            new CommandDefinition(sql, new { Issuer = issuer, Subject = subject }, cancellationToken: cancellationToken));
        return row?.ToPerson();
    }

    /// <summary>Inserts unless another request or replica was first, and returns whichever was.</summary>
    private async Task<Person> InsertAsync(
        DbConnection connection, string issuer, string subject, PersonClaims claims, CancellationToken cancellationToken)
    {
        const string sql = """
            INSERT INTO persons (id, issuer, subject, email, email_verified, name, role, pool, groups_json, created_at, updated_at)
            VALUES (@Id, @Issuer, @Subject, @Email, @EmailVerified, @Name, @Role, @Pool, @Groups, @Now, @Now)
            ON CONFLICT (issuer, subject) DO NOTHING
            """;
        await connection.ExecuteAsync(new CommandDefinition(
            sql,
            new
            {
                Id = PersonId.New(time).Value,
                Issuer = issuer,
                Subject = subject,
                claims.Email,
                EmailVerified = claims is { Email: not null, EmailVerified: true },
                claims.Name,
                claims.Role,
                claims.Pool,
                Groups = claims.Groups?.ToJson(),
                Now = time.GetUtcNow().ToUnixTimeMilliseconds(),
            },
            cancellationToken: cancellationToken));
        return await ReadAsync(connection, issuer, subject, cancellationToken)
            ?? throw new InvalidOperationException($"The person of issuer '{issuer}' vanished from the table persons while it was being made.");
    }

    private async Task UpdateAsync(DbConnection connection, Person person, CancellationToken cancellationToken)
    {
        const string sql = """
            UPDATE persons
            SET email = @Email, email_verified = @EmailVerified, name = @Name, role = @Role, pool = @Pool, groups_json = @Groups, updated_at = @Now
            WHERE id = @Id
            """;
        await connection.ExecuteAsync(new CommandDefinition(
            sql,
            new
            {
                Id = person.Id.Value,
                person.Email,
                person.EmailVerified,
                person.Name,
                person.Role,
                person.Pool,
                Groups = person.Groups.ToJson(),
                Now = time.GetUtcNow().ToUnixTimeMilliseconds(),
            },
            cancellationToken: cancellationToken));
    }

    private Person Remember(Person person)
    {
        var until = time.GetUtcNow() + Remembered;
        _bySubject.Set((person.Issuer, person.Subject), person, until);
        _byId.Set(person.Id, person, until);
        return person;
    }
}
