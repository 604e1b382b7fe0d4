using System.Text.Json.Nodes;
using Cortex.Tests.Clients;
using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Console;

/// <summary>What people, agents and operators are told a plan is called.</summary>
internal sealed class PlanNameTests
{
    private CaptureBackend _backend = null!;
    private GatewayHost _gateway = null!;
    private TestPerson _person = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _backend = await NotesCapture.StartAsync();
        _gateway = await GatewayHost.StartAsync(
            $$"""
            identity:
              admins: [alice@example.com]
              defaultPlan: solo
              plans:
                solo: { displayName: Solo for one, scopes: ['{{NotesCapture.Read}}'] }
                team: ['mcp:*']
              authorizationServer:
                clients: [{ id: ops, redirectUris: ['http://127.0.0.1/callback'], scopes: ['cortex:admin'] }]
            {{NotesCapture.Yaml(_backend)}}
            """,
            builtins: true);
        _person = await TestPerson.SignInAsync(_gateway, "bob@example.com", $"{NotesCapture.Read} {NotesCapture.Write}");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _person.Dispose();
        await _gateway.DisposeAsync();
        await _backend.DisposeAsync();
    }

    [Test]
    public async Task Refusal_names_the_plan_as_people_know_it()
    {
        var reply = await _person.CallAsync(NotesCapture.SaveTool, new JsonObject { ["title"] = "Groceries", ["text"] = "Milk" });

        Assert.That((reply.Status, reply.Text), Is.EqualTo((200, $"'{NotesCapture.SaveTool}' needs the scope '{NotesCapture.Write}', which the plan 'Solo for one' does not hold. Signing in again will not help; ask an operator for another plan.")));
    }

    [Test]
    public async Task Whoami_tells_the_plan_by_both_its_names()
    {
        var answer = (await _person.CallAsync("whoami")).Result["structuredContent"]!;

        Assert.That(((string?)answer["plan"], (string?)answer["planDisplayName"]), Is.EqualTo(("solo", "Solo for one")));
    }

    [Test]
    public async Task Operators_see_the_plans_with_their_names_and_scopes()
    {
        using var operators = await OperatorClient.SignInAsync(_gateway, "ops", "alice@example.com", "cortex:admin");

        var plans = await operators.GetAsync("plans");
        var person = (await operators.GetAsync("persons?search=bob@")).GetProperty("items")[0];

        Assert.That(
            plans.EnumerateArray().Select(plan => (plan.GetProperty("name").GetString(), plan.GetProperty("displayName").GetString(), plan.GetProperty("scopes")[0].GetString())),
            Is.EqualTo(new[] { ("solo", "Solo for one", NotesCapture.Read), ("team", null, "mcp:*") }));
        Assert.That((person.GetProperty("plan").GetString(), person.GetProperty("planDisplayName").GetString()), Is.EqualTo(("solo", "Solo for one")));
    }
}
