using Cortex.Foundation.Sealing;
using Cortex.Foundation.Storage;
using Cortex.Tests.Fixtures;
using Dapper;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.Sealing;

/// <summary>The table of sealed keys, on both databases.</summary>
[TestFixtureSource(typeof(TestDatabase), nameof(TestDatabase.Dialects))]
internal sealed class KeyStoreTests(DatabaseDialect dialect)
{
    private static readonly DateTimeOffset Moment = DateTimeOffset.FromUnixTimeMilliseconds(1_790_000_000_123);

    private readonly SealingKey _key = TestKeys.Key("k1", 1);
    private TestDatabase _test = null!;

    [SetUp]
    public async Task CreateAsync() => _test = await TestDatabase.CreateMigratedAsync(dialect);

    [TearDown]
    public async Task DisposeAsync() => await _test.DisposeAsync();

    [Test]
    public async Task Key_is_read_back_as_it_was_written_and_is_sealed_in_between()
    {
        var store = TestKeys.Store(_test.Database, _key);
        await store.AddIfAbsentAsync(New("a", generation: 1), default);
        var read = (await store.ListAsync("purpose", default)).Single();
        Assert.That(read with { Material = [] }, Is.EqualTo(New("a", generation: 1) with { Material = [] }).UsingPropertiesComparer());
        Assert.That(read.Material, Is.EqualTo("material of a"u8.ToArray()));

        await using var connection = await _test.Database.OpenAsync(default);
        var bytes = (await connection.ExecuteScalarAsync<byte[]>("SELECT sealed FROM keys"))!;
        Assert.That(bytes.AsSpan().IndexOf("material"u8), Is.Negative);
    }

    [Test]
    public async Task Generation_written_by_many_at_once_is_kept_from_one()
    {
        var store = TestKeys.Store(_test.Database, _key);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Task.Run(() => store.AddIfAbsentAsync(New($"key{number}", generation: 1), default))));
        Assert.That(await store.ListAsync("purpose", default), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Keys_are_listed_newest_generation_first_and_by_purpose()
    {
        var store = TestKeys.Store(_test.Database, _key);
        await store.AddIfAbsentAsync(New("a", generation: 1), default);
        await store.AddIfAbsentAsync(New("b", generation: 2), default);
        await store.AddIfAbsentAsync(New("c", generation: 1) with { Purpose = "other" }, default);
        Assert.That((await store.ListAsync("purpose", default)).Select(key => key.Id), Is.EqualTo(new[] { "b", "a" }));
    }

    [Test]
    public async Task Keys_without_generation_stand_side_by_side()
    {
        var store = TestKeys.Store(_test.Database, _key);
        store.AddIfAbsent(New("a", generation: null));
        store.AddIfAbsent(New("b", generation: null));
        Assert.That(store.List("purpose").Select(key => key.Id), Is.EqualTo(new[] { "a", "b" }));
        await Task.CompletedTask;
    }

    [Test]
    public async Task Missing_key_of_the_ring_is_named()
    {
        await TestKeys.Store(_test.Database, _key).AddIfAbsentAsync(New("a", generation: 1), default);
        Assert.That(
            async () => await TestKeys.Store(_test.Database, TestKeys.Key("k2", 1)).RequireAllOpenAsync(default),
            Throws.InstanceOf<SealingException>().With.Message.Contain("purpose key 'a'").And.Message.Contain("'k1', which is not at hand"));
    }

    [Test]
    public async Task Other_bytes_under_the_same_key_id_are_told_apart_from_a_missing_key()
    {
        await TestKeys.Store(_test.Database, _key).AddIfAbsentAsync(New("a", generation: 1), default);
        Assert.That(
            async () => await TestKeys.Store(_test.Database, TestKeys.Key("k1", 2)).RequireAllOpenAsync(default),
            Throws.InstanceOf<SealingException>().With.Message.Contain("does not open under the key 'k1'"));
    }

    [TestCase("UPDATE keys SET purpose = 'other'")]
    [TestCase("UPDATE keys SET id = 'b'")]
    [TestCase("UPDATE keys SET sealed = '\\x00'")]
    public async Task Row_passed_off_as_another_key_does_not_open(string attack)
    {
        var store = TestKeys.Store(_test.Database, _key);
        await store.AddIfAbsentAsync(New("a", generation: 1), default);
        await using (var connection = await _test.Database.OpenAsync(default))
        {
            await connection.ExecuteAsync(dialect == DatabaseDialect.Sqlite ? attack.Replace("'\\x00'", "x'00'", StringComparison.Ordinal) : attack);
        }

        Assert.That(async () => await store.RequireAllOpenAsync(default), Throws.InstanceOf<SealingException>());
    }

    private static StoredKey New(string id, int? generation) =>
        new(id, "purpose", generation, Moment, System.Text.Encoding.UTF8.GetBytes($"material of {id}"));
}
