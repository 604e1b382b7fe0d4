using Cortex.Foundation.Sealing;
using Cortex.Foundation.Storage;
using Cortex.Tests.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.Sealing;

/// <summary>The key of the vault changes while two replicas that share the key file seal and open, on both databases.</summary>
[TestFixtureSource(typeof(TestDatabase), nameof(TestDatabase.Dialects))]
internal sealed class VaultKeyRotationTests(DatabaseDialect dialect)
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 31, 9, 0, 0, TimeSpan.Zero));
    private readonly List<string> _said = [];
    private TestDatabase _database = null!;
    private string _folder = "";

    private string FilePath => Path.Combine(_folder, "ring");

    [SetUp]
    public async Task CreateAsync()
    {
        _said.Clear();
        _folder = Directory.CreateTempSubdirectory("cortex-rotation-").FullName;
        _database = await TestDatabase.CreateMigratedAsync(dialect);
    }

    [TearDown]
    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task Everything_stays_readable_at_every_replica_and_only_the_new_key_is_left()
    {
        var operatorsEnd = Start();
        var replicas = new[] { Start(), Start() };
        var old = operatorsEnd.Ring.Active.Id;
        await replicas[0].Store.AddIfAbsentAsync(Key("before"), default);
        var written = 1;

        var result = await RunAsync(operatorsEnd, async () =>
        {
            foreach (var replica in replicas)
            {
                await replica.Watch.LookAsync(default);
                await replica.Store.AddIfAbsentAsync(Key($"during-{written++}"), default);
                await replica.Store.RequireAllOpenAsync(default);
            }
        });

        Assert.That(result, Is.EqualTo(RotationResult.Done), string.Join("; ", _said));
        var left = KeyRingText.TryRead(await File.ReadAllTextAsync(FilePath))!.Single();
        Assert.That(left.Id, Does.StartWith("key-20260131-0900").And.Not.EqualTo(old));
        var fresh = Start();
        Assert.That(await fresh.Store.ListAsync("test", default), Has.Count.EqualTo(written));
        Assert.That(await fresh.Rotation.ListAsync(default), Has.Count.EqualTo(1));
        Assert.That(_said[^1], Is.EqualTo($"4 of 4  dropped {old}"));
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public async Task Rotation_that_was_interrupted_goes_on_where_it_was(int rounds)
    {
        var first = Start();
        await first.Store.AddIfAbsentAsync(Key("one"), default);
        using var stop = new CancellationTokenSource();
        var left = rounds;
        Assert.That(
            async () => await RunAsync(first, () => --left == 0 ? stop.CancelAsync() : Task.CompletedTask, stop.Token),
            Throws.InstanceOf<OperationCanceledException>());

        var second = Start();
        var wanted = KeyNames.NewestOf(second.Ring.All).Id;
        Assert.That(await RunAsync(second, () => Task.CompletedTask), Is.EqualTo(RotationResult.Done));
        Assert.That(Start().Ring.All.Select(key => key.Id), Is.EqualTo(new[] { wanted }));
        Assert.That(await Start().Store.ListAsync("test", default), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Key_that_is_needed_and_missing_is_named_and_nothing_is_touched()
    {
        await TestKeys.Store(_database.Database, TestKeys.Key("lost", 9)).AddIfAbsentAsync(Key("one"), default);
        var start = Start();
        var before = await File.ReadAllTextAsync(FilePath);
        Assert.That(
            async () => await RunAsync(start, () => Task.CompletedTask),
            Throws.InstanceOf<SealingException>().With.Message.Contains("'lost'").And.Message.Contains("1 keys"));
        Assert.That(await File.ReadAllTextAsync(FilePath), Is.EqualTo(before));
        var lost = (await start.Rotation.ListAsync(default))[^1];
        Assert.That((lost.Id, lost.IsAtHand, lost.Describe()), Is.EqualTo(("lost", false, "1 keys")));
    }

    [Test]
    public async Task File_that_lost_a_key_that_is_needed_is_not_taken_over()
    {
        var replica = Start();
        await replica.Store.AddIfAbsentAsync(Key("one"), default);
        new KeyFile(FilePath, _time, NullLogger<KeyFile>.Instance).Replace([TestKeys.Key("other", 5)]);
        await replica.Watch.LookAsync(default);
        Assert.That(await replica.Store.ListAsync("test", default), Has.Count.EqualTo(1));
        Assert.That(replica.Log.Records.Single().Message, Does.Contain(replica.Ring.Active.Id));
    }

    [Test]
    public async Task Keys_of_the_configuration_are_moved_by_the_operator_step_by_step()
    {
        var old = TestKeys.Key("first", 1);
        var made = KeyNames.Make(_time);
        await TestKeys.Store(_database.Database, old).AddIfAbsentAsync(Key("one"), default);
        foreach (var (ring, said) in new[] { (new[] { old }, "1 of 4  add"), (new[] { old, made }, $"2 of 4  put the key '{made.Id}' first"), (new[] { made, old }, "4 of 4  nothing needs 'first'") })
        {
            _said.Clear();
            Assert.That(await RunAsync(Start(ring), () => Task.CompletedTask), Is.EqualTo(RotationResult.YourTurn));
            Assert.That(_said[^1], Does.StartWith(said));
        }

        Assert.That(await TestKeys.Store(_database.Database, made).ListAsync("test", default), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Names_that_do_not_tell_the_newest_key_leave_it_to_the_operator()
    {
        var (one, other) = (TestKeys.Key("2026-01", 1), TestKeys.Key("2026-07", 2));
        await TestKeys.Store(_database.Database, one).AddIfAbsentAsync(Key("one"), default);
        Assert.That(await RunAsync(Start(one, other), () => Task.CompletedTask), Is.EqualTo(RotationResult.YourTurn));
        Assert.That(_said[^1], Does.Contain("nothing needs '2026-07'").And.Contain("what is newer goes in front"));
    }

    private static StoredKey Key(string id) => new(id, "test", null, DateTimeOffset.UnixEpoch, "material"u8.ToArray());

    /// <summary>Runs a rotation to its end, and something each time it waits.</summary>
    private async Task<RotationResult> RunAsync(Replica replica, Func<Task> whileWaiting, CancellationToken cancellationToken = default)
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        var run = replica.Rotation.RunAsync(_said.Add, cancellationToken);
        while (!run.IsCompleted)
        {
            await whileWaiting();
            _time.Advance(KeyFileWatch.Interval);
            await Task.WhenAny(run, Task.Delay(20, CancellationToken.None));
        }

        return await run;
    }

    private Replica Start(params SealingKey[] configured) => new(_database.Database, FilePath, configured, _time);

    private sealed class Replica
    {
        public Replica(Database database, string path, SealingKey[] configured, TimeProvider time)
        {
            var file = new KeyFile(path, time, NullLogger<KeyFile>.Instance);
            var options = new VaultOptions { Keys = [.. configured.Select(key => new VaultKeyOptions { Id = key.Id })] };
            Ring = new KeyRing(configured.Length > 0 ? configured : file.Find() ?? file.Create());
            Store = new KeyStore(database, new Sealer(Ring), Ring);
            Watch = new KeyFileWatch(Ring, file, options, [Store], time, Log);
            Rotation = new VaultKeyRotation(Ring, file, options, [Store], time);
        }

        public KeyRing Ring { get; }

        public KeyStore Store { get; }

        public KeyFileWatch Watch { get; }

        public VaultKeyRotation Rotation { get; }

        public RecordingLogger<KeyFileWatch> Log { get; } = new();
    }
}
