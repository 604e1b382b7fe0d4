using System.Text;
using Cortex.Foundation.Storage;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.Storage;

/// <summary>The contract of bounded logs, the same for both kinds of shared state.</summary>
[TestFixture(SharedStateKind.InProcess)]
[TestFixture(SharedStateKind.Redis)]
internal sealed class SharedStateLogsTests(SharedStateKind kind) : SharedStateContract(kind)
{
    [Test]
    public async Task Log_gives_what_stands_behind_a_number_in_order()
    {
        for (var number = 1; number <= 5; number++)
            await AppendAsync("log", number);
        Assert.That(await ReadAsync("log", 0), Is.EqualTo(new[] { "1=e1", "2=e2", "3=e3", "4=e4", "5=e5" }));
        Assert.That(await ReadAsync("log", 3), Is.EqualTo(new[] { "4=e4", "5=e5" }));
        Assert.That(await ReadAsync("log", 0, most: 2), Is.EqualTo(new[] { "1=e1", "2=e2" }));
        Assert.That(await ReadAsync("log", 5), Is.Empty);
        Assert.That(await ReadAsync("other", 0), Is.Empty);
    }

    [Test]
    public async Task Log_keeps_its_last_entries_alone()
    {
        for (var number = 1; number <= 10; number++)
            await AppendAsync("log", number, keep: 3);
        Assert.That(await ReadAsync("log", 0), Is.EqualTo(new[] { "8=e8", "9=e9", "10=e10" }));
    }

    [Test]
    public async Task Log_ends_a_lifetime_after_its_last_entry()
    {
        await AppendAsync("log", 1, lifetime: Short);
        Assert.That(await Subject.EventuallyAsync(async () => (await ReadAsync("log", 0)).Count == 0));
        await AppendAsync("log", 2, lifetime: Short);
        await AppendAsync("log", 3, lifetime: Long);
        Assert.That(await ReadAsync("log", 2), Is.EqualTo(new[] { "3=e3" }));
    }

    [Test]
    public async Task Entry_that_is_appended_again_is_there_once()
    {
        await AppendAsync("log", 1);
        await AppendAsync("log", 2);
        await AppendAsync("log", 2);
        await AppendAsync("log", 1);
        await AppendAsync("log", 3);
        Assert.That(await ReadAsync("log", 0), Is.EqualTo(new[] { "1=e1", "2=e2", "3=e3" }));
    }

    [Test]
    public async Task Entries_of_any_bytes_survive()
    {
        var bytes = Enumerable.Range(0, 256).Select(value => (byte)value).ToArray();
        await State.AppendAsync("log", new LogEntry(1, bytes), 10, Long, default);
        Assert.That((await State.ReadAfterAsync("log", 0, 10, default))[0].Value, Is.EqualTo(bytes));
    }

    private async Task AppendAsync(string log, long number, int keep = 100, TimeSpan? lifetime = null) =>
        await State.AppendAsync(log, new LogEntry(number, Encoding.UTF8.GetBytes($"e{number}")), keep, lifetime ?? Long, default);

    private async Task<IReadOnlyList<string>> ReadAsync(string log, long number, int most = 100) =>
        [.. (await State.ReadAfterAsync(log, number, most, default)).Select(entry => $"{entry.Number}={Encoding.UTF8.GetString(entry.Value)}")];
}
