using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Cortex.Foundation.Model;
using Cortex.Foundation.Storage;
using Cortex.Governance.Integrity;
using Cortex.Governance.Integrity.Definitions;
using Cortex.Governance.Integrity.Quarantine;
using Cortex.Tests.Fixtures;
using Dapper;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace Cortex.Tests.Governance.Integrity;

/// <summary>Baseline and quarantine on record, at one replica after the other and at several at once.</summary>
[TestFixtureSource(typeof(TestDatabase), nameof(TestDatabase.Dialects))]
internal sealed class IntegrityGuardTests(DatabaseDialect dialect)
{
    private static readonly IntegrityOptions Block = new() { Mode = IntegrityMode.Block };
    private static readonly PersonId Ada = PersonId.New(TimeProvider.System);

    private static readonly IReadOnlyList<Definition> Approved = OfferedDefinitions.All;
    private static readonly Definition EvilPay = OfferedDefinitions.Tool(OfferedDefinitions.Pay.Replace("Asks the person first", "Asks nobody", StringComparison.Ordinal), "mcp:bank:write");
    private static readonly Definition NewTool = OfferedDefinitions.Tool("""{"name": "list_payees", "description": "Lists payees."}""");
    private static readonly Definition HiddenTool = OfferedDefinitions.Tool(new JsonObject { ["name"] = "hidden", ["description"] = "Harmless.\U000E0049\U000E0067" });

    private TestStorage _storage = null!;

    [SetUp]
    public async Task CreateAsync() => _storage = await TestStorage.CreateAsync(dialect);

    [TearDown]
    public async Task DropAsync() => await _storage.DisposeAsync();

    [Test]
    public async Task Change_is_withheld_over_restarts_and_going_back_clears_it()
    {
        await using (var first = await StartAsync(Block))
        {
            Assert.That(await first.ServedAsync(Approved), Is.EqualTo(Approved));
            Assert.That(await first.ServedAsync(OfferedDefinitions.With(EvilPay)), Is.EqualTo(Approved.Where(definition => definition.Key != EvilPay.Key)));
        }

        await using var second = await StartAsync(Block);
        Assert.That(await second.ServedAsync(OfferedDefinitions.With(EvilPay)), Has.No.Member(EvilPay));
        var review = (await second.PendingAsync()).Single();
        Assert.That((review.IsWithheld, review.Row.Change, review.Differences.Single().Pointer), Is.EqualTo((true, "changed", "/definition/description")));
        Assert.That(second.Recorded.Records, Is.Empty, "it was noticed before");

        Assert.That(await second.ServedAsync(Approved), Is.EqualTo(Approved));
        Assert.That(await second.PendingAsync(), Is.Empty);
    }

    [Test]
    public async Task Change_in_warn_is_served_and_told_of_once()
    {
        await using var replica = await StartAsync(new IntegrityOptions());
        await replica.ServedAsync(Approved);

        Assert.That(await replica.ServedAsync(OfferedDefinitions.With(EvilPay)), Has.Member(EvilPay));
        await replica.ServedAsync(OfferedDefinitions.With(EvilPay));

        Assert.That(replica.Recorded.Records.Count(record => record.Level == LogLevel.Warning && record.Message.Contains("pay_invoice", StringComparison.Ordinal)), Is.EqualTo(1));
        Assert.That((await replica.PendingAsync()).Single().IsWithheld, Is.False);
    }

    [Test]
    public async Task Name_that_was_removed_and_comes_back_changed_is_a_change()
    {
        await using var replica = await StartAsync(Block);
        await replica.ServedAsync(Approved);
        await replica.ServedAsync([.. Approved.Where(definition => definition.Key != EvilPay.Key)]);

        Assert.That(await replica.ServedAsync(OfferedDefinitions.With(EvilPay)), Has.No.Member(EvilPay));
        Assert.That((await replica.PendingAsync()).Single().Row.Change, Is.EqualTo("changed"));
    }

    [TestCase(NewTools.Allow, true)]
    [TestCase(NewTools.Hold, false)]
    public async Task New_tool_gets_what_is_configured(NewTools newTools, bool isServed)
    {
        await using (var before = await StartAsync(Block))
            await before.ServedAsync(Approved);
        await using var replica = await StartAsync(new IntegrityOptions { Mode = IntegrityMode.Block, NewTools = newTools });

        Assert.That((await replica.ServedAsync([.. Approved, NewTool])).Contains(NewTool), Is.EqualTo(isServed));
        Assert.That(await replica.ServedAsync([.. Approved, HiddenTool]), Has.No.Member(HiddenTool), "hidden text waits for a person in any case");
    }

    [Test]
    public async Task Backend_that_was_never_seen_is_held_as_a_whole_when_new_tools_are()
    {
        await using var replica = await StartAsync(new IntegrityOptions { Mode = IntegrityMode.Block, NewTools = NewTools.Hold });

        Assert.That(await replica.ServedAsync(Approved), Is.Empty);
        foreach (var review in await replica.PendingAsync())
            Assert.That(await replica.Desk.ApproveAsync(QuarantineId.TryParse(review.Row.Id, out var id) ? id : default, CancellationToken.None), Is.InstanceOf<ReviewResult.Done>());
        Assert.That(await replica.ServedAsync(Approved), Is.EqualTo(Approved));
    }

    [Test]
    public async Task Approved_change_becomes_the_baseline_and_the_former_one_a_change()
    {
        await using var replica = await StartAsync(Block);
        await replica.ServedAsync(Approved);
        await replica.ServedAsync(OfferedDefinitions.With(EvilPay));

        var done = await replica.Desk.ApproveAsync(IntegrityReplica.IdOf(EvilPay), CancellationToken.None);

        Assert.That((done as ReviewResult.Done)?.Before?.Fingerprint, Is.EqualTo(Approved[0].Fingerprint));
        await using var restarted = await StartAsync(Block);
        Assert.That(await restarted.ServedAsync(OfferedDefinitions.With(EvilPay)), Has.Member(EvilPay));
        Assert.That(await restarted.ServedAsync(Approved), Has.No.Member(Approved[0]));
        Assert.That(await restarted.Desk.ApproveAsync(IntegrityReplica.IdOf(EvilPay), CancellationToken.None), Is.InstanceOf<ReviewResult.NotFound>());
    }

    [TestCase(IntegrityMode.Warn)]
    [TestCase(IntegrityMode.Block)]
    public async Task Rejected_definition_stays_withheld_in_every_mode_and_returns(IntegrityMode mode)
    {
        await using var replica = await StartAsync(new IntegrityOptions { Mode = mode });
        await replica.ServedAsync(Approved);
        await replica.ServedAsync(OfferedDefinitions.With(EvilPay));

        Assert.That(await replica.Desk.RejectAsync(IntegrityReplica.IdOf(EvilPay), Ada, CancellationToken.None), Is.InstanceOf<ReviewResult.Done>());

        Assert.That(await replica.ServedAsync(OfferedDefinitions.With(EvilPay)), Has.No.Member(EvilPay));
        Assert.That(await replica.ServedAsync(Approved), Is.EqualTo(Approved));
        await using var restarted = await StartAsync(new IntegrityOptions { Mode = mode });
        Assert.That(await restarted.ServedAsync(OfferedDefinitions.With(EvilPay)), Has.No.Member(EvilPay));
    }

    [Test]
    public async Task List_of_a_person_is_held_against_the_same_baseline()
    {
        await using var replica = await StartAsync(new IntegrityOptions { Mode = IntegrityMode.Block, Backends = new Dictionary<string, BackendIntegrityOptions> { ["other"] = new() } });
        await replica.ServedAsync(Approved);

        Assert.That(await replica.ServedAsync([EvilPay, Approved[1], HiddenTool], isPersonal: true), Is.EqualTo(new[] { Approved[1] }));
        await replica.ServedAsync(Approved);

        var pending = await replica.PendingAsync();
        Assert.That(pending.Select(review => (review.Row.Name, review.Row.Origin)), Is.EquivalentTo(new[] { ("pay_invoice", "personal"), ("hidden", "personal") }), "the shared list says nothing about it");
    }

    /// <summary>Attack: someone who can write to the database, and has no key, approves what they like.</summary>
    [TestCase("UPDATE integrity_baselines SET document = REPLACE(document, 'Asks the person first', 'Asks nobody')")]
    [TestCase("UPDATE integrity_baselines SET signature = REPLACE(signature, '..', '..AAAA')")]
    [TestCase("UPDATE integrity_baselines SET signature = ''")]
    [TestCase("UPDATE integrity_baselines SET document = '{'")]
    [TestCase("UPDATE integrity_baselines SET revision = 7")]
    public async Task Forged_baseline_withholds_everything_in_block_and_says_so(string forgery)
    {
        await using (var before = await StartAsync(Block))
            await before.ServedAsync(Approved);
        await ExecuteAsync(forgery);

        await using var blocking = await StartAsync(Block);
        Assert.That(await blocking.ServedAsync(OfferedDefinitions.With(EvilPay)), Is.Empty);
        Assert.That(blocking.Guarded.Records.Single().Level, Is.EqualTo(LogLevel.Error));
        Assert.That(blocking.Readiness.Current.Parts[IntegrityGuard.PartOf(IntegrityReplica.Backend)].Detail, Does.Contain("can't be trusted"));
        Assert.That(blocking.Readiness.Current.IsReady);
        await using var warning = await StartAsync(new IntegrityOptions());
        Assert.That(await warning.ServedAsync(Approved), Is.EqualTo(Approved));
        Assert.That(warning.Guarded.Records.Single().Level, Is.EqualTo(LogLevel.Error));
        Assert.That((await blocking.Desk.BaselinesAsync(CancellationToken.None)).Single().Problem, Is.Not.Null);

        Assert.That(await blocking.Desk.ResetAsync(IntegrityReplica.Backend, CancellationToken.None));
        Assert.That(await blocking.ServedAsync(Approved), Is.EqualTo(Approved));
        Assert.That(blocking.Readiness.Current.Parts, Does.Not.ContainKey(IntegrityGuard.PartOf(IntegrityReplica.Backend)));
    }

    /// <summary>Attack: the baseline is removed, or an older one put back, under a running gateway.</summary>
    [Test]
    public async Task Baseline_that_is_removed_or_set_back_under_a_running_gateway_is_not_trusted([Values] bool isRemoved)
    {
        await using var replica = await StartAsync(Block);
        await replica.ServedAsync(Approved);
        var old = await RowAsync();
        await replica.ServedAsync([.. Approved, NewTool]);
        await ExecuteAsync("DELETE FROM integrity_baselines");
        if (!isRemoved)
        {
            await ExecuteAsync(
                "INSERT INTO integrity_baselines (backend_id, signer, revision, document, signature, updated_at) VALUES ('bank', 'gateway', @Revision, @Document, @Signature, 0)", old);
        }

        Assert.That(await replica.ServedAsync(Approved), Is.Empty);
    }

    [Test]
    public async Task Row_of_one_backend_does_not_stand_for_another()
    {
        await using var replica = await StartAsync(Block);
        await replica.Guard.HoldAsync(BackendId.Parse("evil"), [EvilPay], isPersonal: false, CancellationToken.None);
        await ExecuteAsync("UPDATE integrity_baselines SET backend_id = 'bank'");

        Assert.That(await replica.ServedAsync(OfferedDefinitions.With(EvilPay)), Is.Empty);
    }

    [Test]
    public async Task Database_that_is_away_leaves_what_was_verified_and_trusts_nothing_new()
    {
        await using var replica = await StartAsync(Block);
        await replica.ServedAsync(Approved);
        await ExecuteAsync("ALTER TABLE integrity_baselines RENAME TO gone");

        Assert.That(await replica.ServedAsync([.. OfferedDefinitions.With(EvilPay), NewTool]), Is.EqualTo(Approved.Where(definition => definition.Key != EvilPay.Key)));
        await ExecuteAsync("ALTER TABLE gone RENAME TO integrity_baselines");
        Assert.That(await replica.ServedAsync([.. Approved, NewTool]), Has.Member(NewTool));
    }

    [Test]
    public async Task Database_that_was_never_read_withholds_everything_in_block()
    {
        await using var replica = await StartAsync(Block);
        await ExecuteAsync("ALTER TABLE integrity_baselines RENAME TO gone");

        Assert.That(await replica.ServedAsync(Approved), Is.Empty);
    }

    [Test]
    public async Task Replicas_that_see_a_backend_first_at_once_agree()
    {
        await using var first = await StartAsync(Block);
        await using var second = await StartAsync(Block);

        var served = await Task.WhenAll(Enumerable.Range(0, 8).Select(turn => Task.Run(() => (turn % 2 == 0 ? first : second).ServedAsync(turn < 4 ? Approved : [.. Approved, NewTool]))));
        var views = new[] { (await first.Desk.BaselinesAsync(CancellationToken.None)).Single(), (await second.Desk.BaselinesAsync(CancellationToken.None)).Single() };

        Assert.That(served.Select(list => list.Count), Is.EqualTo(new[] { 5, 5, 5, 5, 6, 6, 6, 6 }));
        Assert.That(views.Select(view => (view.Approved, view.Problem)), Is.All.EqualTo((6, (string?)null)));
        Assert.That(views[0].Gateway!.Json, Is.EqualTo(views[1].Gateway!.Json));
    }

    [Test]
    public async Task Decision_at_one_replica_counts_at_the_other_and_is_told_to_it()
    {
        await using var first = await StartAsync(Block);
        await using var second = await StartAsync(Block);
        await first.ServedAsync(Approved);
        await first.ServedAsync(OfferedDefinitions.With(EvilPay));
        Assert.That(await second.ServedAsync(OfferedDefinitions.With(EvilPay)), Has.No.Member(EvilPay));
        var before = second.Bus.Generation;

        await first.Desk.ApproveAsync(IntegrityReplica.IdOf(EvilPay), CancellationToken.None);

        Assert.That(dialect == DatabaseDialect.Sqlite || await Eventually.HoldsAsync(() => second.Bus.Generation > before), "without Redis nobody is told, and the next refresh sees it");
        Assert.That(await second.ServedAsync(OfferedDefinitions.With(EvilPay)), Has.Member(EvilPay));
    }

    [Test]
    public async Task Nothing_is_reported_over_1000_refreshes_in_any_order_and_restarts()
    {
        var random = new Random(1);
        for (var restart = 0; restart < 4; restart++)
        {
            await using var replica = await StartAsync(Block);
            for (var refresh = 0; refresh < 250; refresh++)
            {
                Definition[] offered = [.. Approved.Select(definition => Reordered(definition, random))];
                random.Shuffle(offered);
                Assert.That(await replica.ServedAsync(offered), Has.Count.EqualTo(offered.Length));
            }

            Assert.That(replica.Recorded.Records.Count(record => record.Level > LogLevel.Information), Is.Zero);
            Assert.That((await replica.Desk.BaselinesAsync(CancellationToken.None)).Single().Gateway!.Revision, Is.EqualTo(1));
            Assert.That(await replica.PendingAsync(), Is.Empty);
        }
    }

    [Test]
    public async Task Operators_signature_alone_approves_where_a_key_is_configured()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var options = new IntegrityOptions { Mode = IntegrityMode.Block, NewTools = NewTools.Hold, OperatorKey = key.ExportSubjectPublicKeyInfoPem() };
        await using var replica = await StartAsync(options);
        Assert.That(await replica.ServedAsync(Approved), Is.Empty);
        var approval = await replica.Desk.ApproveAsync(IntegrityReplica.IdOf(Approved[0]), CancellationToken.None);
        Assert.That((approval as ReviewResult.Refused)?.Problem, Does.Contain("operator's key"));

        var exported = ((ExchangeResult.Done)await replica.Exchange.ExportAsync([], withPending: true, CancellationToken.None)).File;
        Assert.That(await replica.Exchange.ImportAsync(exported, CancellationToken.None), Is.InstanceOf<ExchangeResult.Refused>());
        Assert.That(await replica.Exchange.ImportAsync(exported.Sign(stranger), CancellationToken.None), Is.InstanceOf<ExchangeResult.Refused>());
        Assert.That(await replica.ServedAsync(Approved), Is.Empty);
        Assert.That(await replica.Exchange.ImportAsync(exported.Sign(key), CancellationToken.None), Is.InstanceOf<ExchangeResult.Done>());

        Assert.That(await replica.ServedAsync(Approved), Is.EqualTo(Approved));
        Assert.That(await replica.ServedAsync([.. OfferedDefinitions.With(EvilPay), NewTool]), Is.EqualTo(Approved.Where(definition => definition.Key != EvilPay.Key)));
        await ExecuteAsync("UPDATE integrity_baselines SET document = REPLACE(document, 'Asks the person first', 'Asks nobody') WHERE signer = 'operator'");
        Assert.That(await replica.ServedAsync(OfferedDefinitions.With(EvilPay)), Is.Empty);
        Assert.That(await replica.Exchange.ImportAsync(exported.Sign(key), CancellationToken.None), Is.InstanceOf<ExchangeResult.Done>(), "what was signed mends what was forged");
        Assert.That(await replica.ServedAsync(Approved), Is.EqualTo(Approved));
    }

    [Test]
    public async Task File_that_was_signed_before_another_was_imported_is_refused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var replica = await StartAsync(new IntegrityOptions { Mode = IntegrityMode.Block, OperatorKey = key.ExportSubjectPublicKeyInfoPem() });
        await replica.ServedAsync(Approved);
        var one = ((ExchangeResult.Done)await replica.Exchange.ExportAsync([], withPending: false, CancellationToken.None)).File.Sign(key);
        await replica.ServedAsync([.. Approved, NewTool]);
        var other = ((ExchangeResult.Done)await replica.Exchange.ExportAsync([], withPending: false, CancellationToken.None)).File.Sign(key);

        Assert.That(await replica.Exchange.ImportAsync(other, CancellationToken.None), Is.InstanceOf<ExchangeResult.Done>());
        Assert.That((await replica.Exchange.ImportAsync(one, CancellationToken.None) as ExchangeResult.Refused)?.Problem, Does.Contain("export it anew"));
    }

    [Test]
    public async Task Name_that_no_database_takes_is_withheld_and_listed()
    {
        await using var replica = await StartAsync(Block);
        await replica.ServedAsync(Approved);
        var odd = OfferedDefinitions.Tool(new JsonObject { ["name"] = "a\0b" + new string('x', 5_000), ["description"] = "\u0000" });

        Assert.That(await replica.ServedAsync([.. Approved, odd]), Is.EqualTo(Approved));
        Assert.That((await replica.PendingAsync()).Single().Row.Open()?.Fingerprint, Is.EqualTo(odd.Fingerprint));
    }

    private static Definition Reordered(Definition definition, Random random)
    {
        if (definition.Key.Kind == DefinitionKind.Instructions)
            return definition;
        var content = RandomJson.Shuffle(JsonNode.Parse(definition.Json)!["definition"], random)!;
        return OfferedDefinitions.Read(definition.Key.Kind, content.ToJsonString(), definition.Scope?.Value);
    }

    private Task<IntegrityReplica> StartAsync(IntegrityOptions options) => IntegrityReplica.StartAsync(_storage, options);

    private async Task ExecuteAsync(string sql, object? parameters = null)
    {
        await using var connection = await _storage.Database.Database.OpenAsync(CancellationToken.None);
        await connection.ExecuteAsync(sql, parameters);
    }

    private async Task<object> RowAsync()
    {
        await using var connection = await _storage.Database.Database.OpenAsync(CancellationToken.None);
        var (revision, document, signature) = await connection.QuerySingleAsync<(long, string, string)>("SELECT revision, document, signature FROM integrity_baselines");
        return new { Revision = revision, Document = document, Signature = signature };
    }
}
