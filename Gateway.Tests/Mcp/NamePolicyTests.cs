using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Mcp;

/// <summary>Names as clients see and call them.</summary>
internal sealed class NamePolicyTests
{
    [Test]
    public async Task Names_of_every_policy_are_listed_and_called()
    {
        await using var first = await CaptureBackend.StartAsync();
        first.ListTools(CaptureBackend.Tool("read", "mcp:notes:read"), CaptureBackend.Tool("find.all notes", "mcp:notes:read"));
        await using var second = await CaptureBackend.StartAsync();
        second.ListTools(CaptureBackend.Tool("read", "mcp:notes:read"), CaptureBackend.Tool(new string('x', 60), "mcp:notes:read"));
        await using var third = await CaptureBackend.StartAsync();
        third.ListTools(CaptureBackend.Tool("read", "mcp:notes:read"), CaptureBackend.Tool("write", "mcp:notes:read"));
        await using var gateway = await GatewayHost.StartAsync($$"""
            gateway: { nameBudget: 10 }
            backends:
              first: { url: "{{first.Url}}", prefix: "" }
              second: { url: "{{second.Url}}", names: onConflict }
              third: { url: "{{third.Url}}", aliases: { write: note_down } }
            """);
        using var alice = await TestPerson.SignInAsync(gateway, "alice@example.com", "mcp:notes:read");
        var names = (await alice.ModernAsync("tools/list")).ToolNames;
        Assert.That(names, Has.Exactly(1).Match("^x{45}_[0-9a-f]{8}$"));
        Assert.That(names.Where(name => name[0] != 'x'), Is.EqualTo(new[] { "find_all_notes", "note_down", "read", "second_read", "third_read" }));
        foreach (var name in names)
            Assert.That((await alice.CallAsync(name)).IsToolError, Is.False, name);
        Assert.That(first.Calls("find.all notes"), Has.Count.EqualTo(1));
        Assert.That(second.Calls(new string('x', 60)), Has.Count.EqualTo(1));
        Assert.That(third.Calls("write"), Has.Count.EqualTo(1));
    }
}
