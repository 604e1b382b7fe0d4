using System.Net;
using Cortex.Tests.Cli;
using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Upgrade;

/// <summary>
/// The previous gateway and this one on one database, in the order in which the chart replaces them: the migration, a new replica beside the old
/// one, the old one's end, and the way back.
/// </summary>
[Category("Slow")]
internal sealed class RollingUpgradeTests
{
    private const string Tool = "tickets_list";
    private const string LinkedTool = "canva_whoami";

    private readonly string _new = $"http://127.0.0.1:{ServerProcess.FreePort()}";
    private UpgradeStage _stage = null!;
    private UpgradeClient _client = null!;
    private Traffic[] _traffic = [];

    private string Old => _stage.Url;

    [SetUp]
    public async Task StartAsync() => _stage = await UpgradeStage.StartAsync();

    [TearDown]
    public async Task StopAsync()
    {
        foreach (var traffic in _traffic)
            await traffic.DisposeAsync();
        _client?.Dispose();
        await _stage.DisposeAsync();
    }

    [Test]
    public async Task Upgrade_and_rollback_fail_no_call_and_lose_nothing()
    {
        var previous = await PreviousGateway.BuildAsync();
        await _stage.MigrateAsync(previous);
        await using var old = await _stage.ServeAsync(previous, Old);
        _client = await UpgradeClient.SignInAsync(Old, UpgradeStage.Scopes);
        await UpgradeClient.LinkAsync(Old);
        var before = await _client.ReportAsync(Old, "export the notes as PDF");
        _traffic = [new Traffic(url => _client.CallAsync(url, Tool), Old), new Traffic(url => _client.CallInSessionAsync(url, Tool), Old), new Traffic(url => _client.CallAsync(url, LinkedTool), Old)];
        await ServedAsync(5);

        await _stage.MigrateAsync(GatewayProcess.OwnProgram);
        await using var next = await _stage.ServeAsync(GatewayProcess.OwnProgram, _new);
        await TurnAsync(Old, _new);
        var during = await AssertSharedAsync(before);

        await DrainAsync(old);
        await ServedAsync(10);

        await using var again = await _stage.ServeAsync(previous, Old);
        await TurnAsync(Old, _new);
        Assert.That(await _client.TicketsAsync(Old), Is.EquivalentTo([before, .. during]), "after the way back");
        Assert.That((await _client.RefreshAsync(Old, _new)).IsToolError, Is.False);

        TestContext.Out.WriteLine($"{_traffic.Sum(traffic => traffic.Calls)} calls, {_traffic.Sum(traffic => traffic.Failures.Count)} failed");
        Assert.That(_traffic.SelectMany(traffic => traffic.Failures), Is.Empty);
    }

    /// <summary>What one wrote the other reads: tokens, the session, tickets.</summary>
    private async Task<string[]> AssertSharedAsync(string before)
    {
        string[] written = [await _client.ReportAsync(_new, "give notes a colour"), await _client.ReportAsync(Old, "sort notes by hand")];
        foreach (var url in new[] { Old, _new })
        {
            var other = url == Old ? _new : Old;
            Assert.That(await _client.TicketsAsync(url), Is.EquivalentTo([before, .. written]), url);
            Assert.That((await _client.RefreshAsync(url, other)).IsToolError, Is.False, url);
            await _client.OpenSessionAsync(url);
            Assert.That((await _client.CallInSessionAsync(other, Tool)).IsToolError, Is.False, $"a session of {url}");
        }

        return written;
    }

    /// <summary>As an orchestrator does it: told to go, the replica is not ready; nobody is sent there; then it ends.</summary>
    private async Task DrainAsync(GatewayProcess replica)
    {
        await replica.StopAsync();
        using var http = new HttpClient();
        Assert.That(await Eventually.HoldsAsync(async () =>
        {
            using var answer = await http.GetAsync(new Uri($"{Old}/readyz"));
            return answer.StatusCode == HttpStatusCode.ServiceUnavailable;
        }));
        await ServedAsync(2);
        await TurnAsync(_new);
        await replica.StopAsync();
        Assert.That(await replica.EndAsync(), Is.Zero, replica.Error);
    }

    private async Task TurnAsync(params string[] replicas)
    {
        foreach (var traffic in _traffic)
            traffic.Turn(replicas);
        await ServedAsync(10);
    }

    private Task ServedAsync(int more) => Task.WhenAll(_traffic.Select(traffic => traffic.UntilServedAsync(more)));
}
