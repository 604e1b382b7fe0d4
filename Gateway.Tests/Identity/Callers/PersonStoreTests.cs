using Cortex.Foundation.Model;
using Cortex.Foundation.Storage;
using Cortex.Identity.Callers;
using Cortex.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace Cortex.Tests.Identity.Callers;

/// <summary>Persons, on both databases.</summary>
[TestFixtureSource(typeof(TestDatabase), nameof(TestDatabase.Dialects))]
internal sealed class PersonStoreTests(DatabaseDialect dialect)
{
    private const string Issuer = "https://login.example.com";

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(56));
    private TestDatabase _database = null!;
    private PersonStore _store = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _database = await TestDatabase.CreateMigratedAsync(dialect);
        _store = new PersonStore(_database.Database, _time);
    }

    [TearDown]
    public async Task StopAsync() => await _database.DisposeAsync();

    [Test]
    public async Task New_person_is_made_and_found_by_id_on_another_replica()
    {
        var made = await _store.EnsureAsync(Issuer, "sam", new PersonClaims("sam@example.com", true, "Sam Ö", "editor", "north"), default);
        using var other = _database.OpenAgain();

        Assert.That(await new PersonStore(other, _time).FindAsync(made.Id, default), Is.EqualTo(made));
        Assert.That(made.Name, Is.EqualTo("Sam Ö"));
        Assert.That(made.EmailVerified, Is.True);
    }

    [Test]
    public async Task Unknown_id_is_null() =>
        Assert.That(await _store.FindAsync(PersonId.New(_time), default), Is.Null);

    [Test]
    public async Task Sixteen_first_meetings_at_once_on_two_replicas_make_one_person()
    {
        using var second = _database.OpenAgain();
        PersonStore[] replicas = [_store, new PersonStore(second, _time)];

        var persons = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(
            () => replicas[i % 2].EnsureAsync(Issuer, "sam", new PersonClaims("sam@example.com", true, "Sam", null, null), default))));

        Assert.That(persons.Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task Changed_claims_are_written_and_read_by_others()
    {
        var before = await _store.EnsureAsync(Issuer, "sam", new PersonClaims("old@example.com", true, "Sam", "editor", "north"), default);
        var after = await _store.EnsureAsync(Issuer, "sam", new PersonClaims("new@example.com", false, "Samuel", "reader", "south"), default);
        using var other = _database.OpenAgain();

        Assert.That(after, Is.EqualTo(before with { Email = "new@example.com", EmailVerified = false, Name = "Samuel", Role = "reader", Pool = "south" }));
        Assert.That(await new PersonStore(other, _time).FindAsync(before.Id, default), Is.EqualTo(after));
        Assert.That(await _store.FindAsync(before.Id, default), Is.EqualTo(after));
    }

    [Test]
    public async Task Claims_that_leave_out_email_and_name_keep_them_but_a_role_left_out_is_taken_away()
    {
        var before = await _store.EnsureAsync(Issuer, "sam", new PersonClaims("sam@example.com", true, "Sam", "admin", "north"), default);
        var after = await _store.EnsureAsync(Issuer, "sam", new PersonClaims(null, false, null, null, null), default);

        Assert.That(after, Is.EqualTo(before with { Role = null, Pool = null }));
    }

    [Test]
    public async Task Other_issuers_subject_is_another_person_even_with_the_same_email()
    {
        var claims = new PersonClaims("sam@example.com", true, "Sam", null, null);
        var one = await _store.EnsureAsync(Issuer, "sam", claims, default);
        var two = await _store.EnsureAsync("https://evil.example", "sam", claims, default);
        var three = await _store.EnsureAsync(Issuer, "Sam", claims, default);

        Assert.That(new[] { one.Id, two.Id, three.Id }, Is.Unique);
    }

    [Test]
    public async Task Known_person_costs_no_io()
    {
        var claims = new PersonClaims("sam@example.com", true, "Sam", null, null);
        var made = await _store.EnsureAsync(Issuer, "sam", claims, default);
        await _database.DisposeAsync();

        Assert.That(await _store.EnsureAsync(Issuer, "sam", claims, default), Is.SameAs(made));
        Assert.That(await _store.FindAsync(made.Id, default), Is.SameAs(made));

        _database = await TestDatabase.CreateAsync(DatabaseDialect.Sqlite);
    }

    [Test]
    public async Task Memory_of_a_person_ends_so_that_another_replicas_news_arrive()
    {
        using var second = _database.OpenAgain();
        var made = await _store.EnsureAsync(Issuer, "sam", new PersonClaims("sam@example.com", true, "Sam", null, null), default);
        await new PersonStore(second, _time).EnsureAsync(Issuer, "sam", new PersonClaims("sam@example.com", true, "Samuel", null, null), default);

        _time.Advance(TimeSpan.FromMinutes(5));

        Assert.That((await _store.FindAsync(made.Id, default))?.Name, Is.EqualTo("Samuel"));
    }
}
