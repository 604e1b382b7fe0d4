using Cortex.Foundation.Storage;
using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Feedback;

/// <summary>Very many reports at once, on two replicas.</summary>
[TestFixtureSource(typeof(TestDatabase), nameof(TestDatabase.Dialects))]
internal sealed class TicketStormTests(DatabaseDialect dialect)
{
    private const int Reports = 1_000;
    private const int Persons = 40;

    [Test]
    public async Task Thousand_concurrent_reports_of_the_labelled_wishes_give_the_right_needs_and_counts()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(dialect);
        using var second = database.OpenAgain();
        using var one = new FeedbackReplica(database.Database, TimeProvider.System);
        using var other = new FeedbackReplica(second, TimeProvider.System);
        FeedbackReplica[] replicas = [one, other];
        var set = WishSet.Read();
        var random = new Random(20);
        var reports = Enumerable.Range(0, Reports)
            .Select(number => (Wish: number < set.All.Count ? set.All[number] : set.All[random.Next(set.All.Count)], Person: $"p{random.Next(Persons)}"))
            .OrderBy(_ => random.Next())
            .ToArray();

        var taken = await Task.WhenAll(reports.Select((report, number) => Task.Run(() => replicas[number % 2].ReportAsync(report.Person, report.Wish.Text, report.Wish.App))));

        var needs = await one.NeedsAsync();
        var expected = reports.GroupBy(report => report.Wish.Label).Select(group => group.Select(report => report.Person).Distinct().Count()).Order().ToArray();
        Assert.That(needs, Has.Count.EqualTo(set.Needs));
        Assert.That(needs.Select(need => (int)need.Callers).Order(), Is.EqualTo(expected));
        Assert.That(needs.Select(need => need.Tickets), Is.EqualTo(needs.Select(need => need.Callers)));
        Assert.That(taken.Count(ticket => !ticket.Deduplicated), Is.EqualTo(expected.Sum()));
        Assert.That(taken.Select(ticket => ticket.Id).Distinct().Count(), Is.EqualTo(expected.Sum()));
    }
}
