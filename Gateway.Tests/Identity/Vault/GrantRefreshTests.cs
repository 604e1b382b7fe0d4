using Cortex.Foundation.Model;
using Cortex.Foundation.Storage;
using Cortex.Identity.Vault;
using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Identity.Vault;

/// <summary>Refreshes that go well, and providers that don't.</summary>
[TestFixtureSource(typeof(TestDatabase), nameof(TestDatabase.Dialects))]
internal sealed class GrantRefreshTests(DatabaseDialect dialect)
{
    private static readonly VaultResult.LinkNeeded Again = new(IsAgain: true);

    private VaultStage _stage = null!;
    private VaultReplica[] _replicas = null!;

    private VaultReplica Here => _replicas[0];

    [SetUp]
    public async Task StartAsync()
    {
        _stage = await VaultStage.StartAsync(dialect, redis: dialect == DatabaseDialect.PostgreSql);
        _replicas = [await _stage.AddReplicaAsync(), await _stage.AddReplicaAsync(), await _stage.AddReplicaAsync()];
    }

    [TearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [Test]
    public async Task Calls_at_the_moment_of_expiry_on_three_replicas_cause_one_refresh_and_none_fails()
    {
        var key = await _stage.LinkAsync(Here);
        foreach (var replica in _replicas)
            await replica.TokenAsync(key);
        _stage.Clock.Advance(TimeSpan.FromHours(1));

        var tokens = await Task.WhenAll(Enumerable.Range(0, 200).Select(call => Task.Run(() => _replicas[call % 3].TokenAsync(key))));

        Assert.That((_stage.Provider.Requests, _stage.Provider.Refreshes), Is.EqualTo((1, 1)));
        Assert.That(tokens, Has.All.EqualTo("access-of-refresh-2"));
    }

    [Test]
    public async Task Token_that_the_server_refused_is_renewed_once_however_many_calls_it_refused()
    {
        var key = await _stage.LinkAsync(Here);
        var rejected = new Secret("access-0");

        var results = await Task.WhenAll(Enumerable.Range(0, 60).Select(call => Task.Run(() => _replicas[call % 3].Vault.RenewAsync(key, rejected, default))));

        Assert.That(results.Select(result => (result as VaultResult.Granted)?.AccessToken.Reveal()), Has.All.EqualTo("access-of-refresh-2"));
        Assert.That(_stage.Provider.Requests, Is.EqualTo(1));
    }

    [Test]
    public async Task Token_is_refreshed_a_minute_ahead_and_not_before()
    {
        var key = await _stage.LinkAsync(Here);
        _stage.Clock.Advance(TimeSpan.FromMinutes(58));
        Assert.That(await Here.TokenAsync(key), Is.EqualTo("access-0"));
        _stage.Clock.Advance(TimeSpan.FromSeconds(61));
        Assert.That(await Here.TokenAsync(key), Is.EqualTo("access-of-refresh-2"));
    }

    [Test]
    public async Task Refusal_ends_in_linking_anew_and_the_provider_is_asked_no_more()
    {
        var key = await _stage.LinkAsync(Here);
        _stage.Provider.RevokeAll();
        _stage.Clock.Advance(TimeSpan.FromHours(1));

        Assert.That(await Here.FindAsync(key), Is.EqualTo(Again));
        Assert.That(await _replicas[1].FindAsync(key), Is.EqualTo(Again));

        var row = await Here.Store.FindAsync(key, default);
        Assert.That((row.State, row.Sealed.Length, _stage.Provider.Requests), Is.EqualTo((GrantState.NeedsRelink, 0, 1)));
        Assert.That((await Here.Vault.ListAsync(key.Person, default)).Single().State, Is.EqualTo(GrantState.NeedsRelink));
    }

    [TestCase(ProviderFault.CutAfter)]
    [TestCase(ProviderFault.HalfAnswer)]
    public async Task Answer_lost_after_the_rotation_costs_one_retry_and_ends_in_linking_anew_at_once(object fault)
    {
        var key = await _stage.LinkAsync(Here);
        _stage.Clock.Advance(TimeSpan.FromHours(1));
        _stage.Provider.Fault = (ProviderFault)fault;

        Assert.That(await Here.FindAsync(key), Is.EqualTo(Again));
        Assert.That((_stage.Provider.Requests, _stage.Provider.Refreshes), Is.EqualTo((2, 1)));
    }

    [Test]
    public async Task Request_lost_before_the_rotation_is_repeated_and_succeeds()
    {
        var key = await _stage.LinkAsync(Here);
        _stage.Clock.Advance(TimeSpan.FromHours(1));
        _stage.Provider.Fault = ProviderFault.CutBefore;

        Assert.That(await Here.TokenAsync(key), Is.EqualTo("access-of-refresh-2"));
    }

    [Test]
    public async Task Provider_that_is_away_costs_no_grant_and_a_token_that_still_counts_is_used_on()
    {
        var key = await _stage.LinkAsync(Here);
        _stage.Provider.Fault = ProviderFault.Unavailable;
        _stage.Clock.Advance(TimeSpan.FromSeconds(3570));
        Assert.That(await Here.TokenAsync(key), Is.EqualTo("access-0"));
        var asked = _stage.Provider.Requests;
        Assert.That(await Here.TokenAsync(key), Is.EqualTo("access-0"));
        Assert.That(_stage.Provider.Requests, Is.EqualTo(asked), "it is left in peace for a while");

        _stage.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That(await Here.FindAsync(key), Is.InstanceOf<VaultResult.Unavailable>());

        _stage.Provider.Fault = ProviderFault.None;
        Assert.That(await Here.TokenAsync(key), Is.EqualTo("access-of-refresh-2"));
    }

    [Test]
    public async Task Unknown_client_costs_the_grant_only_where_the_gateway_registered_it_itself()
    {
        var configured = await _stage.LinkAsync(Here);
        var registered = await _stage.LinkAsync(Here, _stage.NewGrant(registered: true));
        _stage.Clock.Advance(TimeSpan.FromHours(1));
        _stage.Provider.Fault = ProviderFault.InvalidClient;

        Assert.That(await Here.FindAsync(configured), Is.InstanceOf<VaultResult.Unavailable>());
        Assert.That(await Here.FindAsync(registered), Is.EqualTo(Again));

        _stage.Provider.Fault = ProviderFault.None;
        Assert.That(await Here.TokenAsync(configured), Does.StartWith("access-of-refresh"));
    }

    [Test]
    public async Task Grant_taken_back_during_a_refresh_stays_taken_back()
    {
        var key = await _stage.LinkAsync(Here);
        _stage.Clock.Advance(TimeSpan.FromHours(1));
        _stage.Provider.Answering = () => _replicas[1].Vault.UnlinkAsync(key, default);

        Assert.That(await Here.FindAsync(key), Is.EqualTo(new VaultResult.LinkNeeded(IsAgain: false)));
        Assert.That((await Here.Store.FindAsync(key, default)).State, Is.EqualTo(GrantState.Unlinked));
    }

    [Test]
    public async Task Grant_linked_anew_during_a_refresh_is_not_overwritten_by_it()
    {
        var key = await _stage.LinkAsync(Here);
        _stage.Clock.Advance(TimeSpan.FromHours(1));
        var anew = _stage.NewGrant("anew");
        _stage.Provider.Answering = () => _replicas[1].Vault.LinkAsync(
            key, VaultStage.Issuer, anew, new GrantTerms("read", _stage.Clock.GetUtcNow().AddHours(1)), default);

        Assert.That(await Here.TokenAsync(key), Is.EqualTo("anew"));
    }

    [Test]
    public async Task Caller_who_leaves_does_not_end_the_refresh()
    {
        var key = await _stage.LinkAsync(Here);
        _stage.Clock.Advance(TimeSpan.FromHours(1));
        var answer = new TaskCompletionSource();
        var asked = new TaskCompletionSource();
        _stage.Provider.Answering = () =>
        {
            asked.SetResult();
            return answer.Task;
        };
        using var leaving = new CancellationTokenSource();
        var call = Here.Vault.FindAsync(key, leaving.Token).AsTask();
        await asked.Task;
        await leaving.CancelAsync();
        Assert.That(async () => await call, Throws.InstanceOf<OperationCanceledException>());

        answer.SetResult();
        Assert.That(await Here.TokenAsync(key), Is.EqualTo("access-of-refresh-2"));
        Assert.That(_stage.Provider.Requests, Is.EqualTo(1));
    }
}
