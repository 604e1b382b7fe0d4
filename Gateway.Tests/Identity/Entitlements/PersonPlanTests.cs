using System.Net;
using Cortex.Foundation.Model;
using Cortex.Foundation.Storage;
using Cortex.Identity.Callers;
using Cortex.Identity.Entitlements;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Identity.Callers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace Cortex.Tests.Identity.Entitlements;

/// <summary>Plans that persons were given, at one replica with tokens of the embedded and of an external issuer.</summary>
internal sealed class PersonPlanTests
{
    private const string Plans = "plans: { free: ['mcp:notes:read'], pro: ['mcp:notes:*'] }, defaultPlan: free";

    private TestIssuer _issuer = null!;
    private IdentityHost _host = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _issuer = new TestIssuer().WithOpenIdConfiguration();
        _host = await IdentityHost.StartAsync(Identity(Plans));
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _host.DisposeAsync();
        _issuer.Dispose();
    }

    [Test]
    public async Task Given_plan_acts_at_the_next_call_up_and_down([Values] bool external)
    {
        var token = external
            ? _issuer.Token(_host, ("scope", "mcp:notes:read mcp:notes:write mcp:docs:read"), ("sub", "changing"))
            : await _host.TokenAsync(("scope", "mcp:notes:read mcp:notes:write mcp:docs:read"));
        var before = await _host.WhoAmIAsync(token);
        var person = PersonId.Parse(before.GetProperty("person").GetString()!);

        await GiveAsync(person, "pro");
        var up = await _host.WhoAmIAsync(token);
        await GiveAsync(person, null);
        var down = await _host.WhoAmIAsync(token);

        Assert.That(before.GetProperty("scopes").GetString(), Is.EqualTo("mcp:notes:read"));
        Assert.That((up.GetProperty("scopes").GetString(), up.GetProperty("plan").GetString()), Is.EqualTo(("mcp:notes:read mcp:notes:write", "pro")));
        Assert.That((down.GetProperty("scopes").GetString(), down.GetProperty("plan").GetString()), Is.EqualTo(("mcp:notes:read", "free")));
    }

    [Test]
    public async Task Plan_that_is_configured_no_more_holds_nothing_and_is_warned_of()
    {
        var logger = new RecordingLogger<PlanWatch>();
        await using var host = await IdentityHost.StartAsync(
            $"{{ {Plans} }}", services => services.AddSingleton<Microsoft.Extensions.Logging.ILogger<PlanWatch>>(logger));
        var token = await host.TokenAsync(("scope", "mcp:notes:read mcp:notes:write"));
        var person = await host.AddPersonAsync();
        await host.Services.GetRequiredService<PersonPlans>().SetAsync(new PlanDecision(person.Id, "pro", "test", null), CancellationToken.None);
        Assert.That((await host.WhoAmIAsync(token)).GetProperty("scopes").GetString(), Is.EqualTo("mcp:notes:read mcp:notes:write"));

        await host.ReconfigureAsync("{ plans: { free: ['mcp:notes:read'] }, defaultPlan: free }");

        var caller = await host.WhoAmIAsync(token);
        Assert.That((caller.GetProperty("scopes").GetString(), caller.GetProperty("plan").GetString()), Is.EqualTo(("", "pro")));
        Assert.That(await Eventually.HoldsAsync(() => logger.Records.Any(record => record.Message.Contains("'pro' is not in identity.plans", StringComparison.Ordinal))));
    }

    [Test]
    public async Task Disabled_person_is_403_without_a_challenge_also_with_a_token_of_another_issuer()
    {
        var token = _issuer.Token(_host, ("scope", "mcp:notes:read"), ("sub", "shut-out"));
        var person = PersonId.Parse((await _host.WhoAmIAsync(token)).GetProperty("person").GetString()!);

        await _host.Services.GetRequiredService<PersonRecords>().SetDisabledAsync(person, true, CancellationToken.None);
        using var refused = await _host.CallAsync(token);
        await _host.Services.GetRequiredService<PersonRecords>().SetDisabledAsync(person, false, CancellationToken.None);

        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(refused.Headers.WwwAuthenticate, Is.Empty);
        Assert.That(await refused.Content.ReadAsStringAsync(), Does.Contain("disabled your account"));
        Assert.That((await _host.WhoAmIAsync(token)).GetProperty("scopes").GetString(), Is.EqualTo("mcp:notes:read"));
    }

    [TestCaseSource(typeof(TestDatabase), nameof(TestDatabase.Dialects))]
    public async Task Older_decision_never_undoes_a_newer_one(DatabaseDialect dialect)
    {
        await using var database = await TestDatabase.CreateMigratedAsync(dialect);
        var (plans, person, time) = await SetUpAsync(database.Database);
        var now = time.GetUtcNow();

        var first = await plans.SetAsync(new PlanDecision(person, "pro", "billing", now.AddMinutes(-5)), CancellationToken.None);
        var late = await plans.SetAsync(new PlanDecision(person, "free", "billing", now.AddMinutes(-9)), CancellationToken.None);
        var operators = await plans.SetAsync(new PlanDecision(person, "team", "p_1", null), CancellationToken.None);
        var later = await plans.SetAsync(new PlanDecision(person, "pro", "billing", now.AddMinutes(-1)), CancellationToken.None);
        var nobody = await plans.SetAsync(new PlanDecision(PersonId.New(time), "pro", "billing", null), CancellationToken.None);

        Assert.That(
            new[] { first, late, operators, later, nobody },
            Is.EqualTo(new PlanResult[]
            {
                new PlanResult.Applied(null), new PlanResult.Superseded("pro"), new PlanResult.Applied("pro"), new PlanResult.Superseded("team"), PlanResult.NoSuchPerson.Instance,
            }));
        Assert.That(await plans.CountAsync(CancellationToken.None), Is.EqualTo(new Dictionary<string, long> { ["team"] = 1 }));
    }

    [Test]
    public async Task Replica_that_may_have_missed_a_message_asks_the_database_again()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(DatabaseDialect.Sqlite);
        var (plans, person, time) = await SetUpAsync(database.Database);
        var state = new InterruptedState(new InProcessSharedState(time, NullLogger<InProcessSharedState>.Instance));
        using var cut = new PersonStandings(database.Database, state, new StandingListeners(), time, NullLogger<PersonStandings>.Instance);
        await cut.StartAsync(CancellationToken.None);
        await cut.FindAsync(person, CancellationToken.None);
        await plans.SetAsync(new PlanDecision(person, "pro", "test", null), CancellationToken.None);
        var unheard = await cut.FindAsync(person, CancellationToken.None);

        state.Interrupt();

        Assert.That(unheard.Plan, Is.Null, "nobody told this replica");
        Assert.That((await cut.FindAsync(person, CancellationToken.None)).Plan, Is.EqualTo("pro"));
        await cut.StopAsync(CancellationToken.None);
    }

    private static async Task<(PersonPlans Plans, PersonId Person, FakeTimeProvider Time)> SetUpAsync(Database database)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var state = new InProcessSharedState(time, NullLogger<InProcessSharedState>.Instance);
        var standings = new PersonStandings(database, state, new StandingListeners(), time, NullLogger<PersonStandings>.Instance);
        var person = await new PersonStore(database, time).EnsureAsync("https://a.example", "s", new PersonClaims(null, false, null, null, null), CancellationToken.None);
        return (new PersonPlans(database, standings, time), person.Id, time);
    }

    private Task<PlanResult> GiveAsync(PersonId person, string? plan) =>
        _host.Services.GetRequiredService<PersonPlans>().SetAsync(new PlanDecision(person, plan, "test", null), CancellationToken.None);

    private string Identity(string plans) => $"{{ issuers: [{{ issuer: '{_issuer.Issuer}' }}], {plans} }}";
}
