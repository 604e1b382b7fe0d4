using System.Net;
using System.Text.Json;
using Cortex.Demo;
using Cortex.Tests.Samples;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace Cortex.Tests.Demo;

/// <summary>What the demo backend does beyond the contract that <see cref="NotesContractTests"/> holds it to.</summary>
internal sealed class DemoBackendTests
{
    private const string Both = "mcp:notes:read mcp:notes:write";

    [Test]
    public async Task Issuer_that_listens_late_is_503_first_and_works_then()
    {
        var early = await TestIssuer.StartAsync();
        var port = new Uri(early.Issuer).Port;
        await early.DisposeAsync();
        await using var backend = await NotesBackend.StartAsync(NotesBackend.Demo, early.Issuer);

        var (before, refusal) = await backend.CallAsync("a.b.c", "list_tools");
        await using var issuer = await TestIssuer.StartAsync(port);
        var (after, _) = await backend.CallAsync(issuer.MintCatalog(backend.Url), "list_tools");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(before, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
            Assert.That(refusal.GetProperty("error").GetString(), Does.Contain(early.Issuer));
            Assert.That(after, Is.EqualTo(HttpStatusCode.OK));
        }
    }

    [Test]
    public async Task Welcome_note_is_denied_by_the_app()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var backend = await NotesBackend.StartAsync(NotesBackend.Demo, issuer.Issuer);

        var (status, body) = await backend.CallAsync(issuer.Mint(backend.Url, Both), "delete_note", new { id = "welcome" });

        Assert.That(status, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(body.TryGetProperty("required", out _), Is.False);
        Assert.That(body.GetProperty("error").GetString(), Does.Contain("welcome"));
    }

    [TestCase("overview")]
    [TestCase("concepts")]
    [TestCase("workflows")]
    [TestCase("conventions")]
    [TestCase("limits")]
    [TestCase("examples")]
    public void Help_has_every_topic_it_names(string topic) =>
        Assert.That(DemoHelp.Find(topic), Is.Not.Null.And.Length.GreaterThan(40));

    [Test]
    public void Notes_of_a_person_are_bounded()
    {
        var notes = new NoteStore(TimeProvider.System);
        while (notes.TrySave("p", "title", "text", []) is not null)
        {
        }

        Assert.That(notes.Count("p"), Is.EqualTo(NoteStore.MaxNotes));
        Assert.That(notes.TrySave("another", "title", "text", []), Is.Not.Null);
    }

    [Test]
    public void People_are_bounded()
    {
        var notes = new NoteStore(TimeProvider.System);
        for (var person = 0; person < NoteStore.MaxPersons; person++)
            notes.TrySave($"p{person}", "title", "text", []);

        Assert.That(notes.TrySave("one too many", "title", "text", []), Is.Null);
        Assert.That(notes.List("one too many", null, 10), Is.Empty);
    }

    [Test]
    public async Task Time_zone_is_applied()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var backend = await NotesBackend.StartAsync(NotesBackend.Demo, issuer.Issuer);

        var (status, body) = await backend.CallAsync(issuer.Mint(backend.Url, Both), "get_time", new { timeZone = "Asia/Kolkata" });
        var (unknown, _) = await backend.CallAsync(issuer.Mint(backend.Url, Both), "get_time", new { timeZone = "Mars/Base" });

        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(body.GetProperty("time").GetString(), Does.EndWith("+05:30"));
        Assert.That(unknown, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task Address_that_is_taken_is_an_io_error()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var backend = await NotesBackend.StartAsync(NotesBackend.Demo, issuer.Issuer);
        var address = new DemoAddress(new Uri(backend.Url), "/api/cortex/backend", backend.Url, issuer.Issuer);

        Assert.That(
            async () => await DemoServer.StartAsync(address, NullLoggerFactory.Instance, TimeProvider.System, CancellationToken.None),
            Throws.InstanceOf<IOException>());
    }

    [Test]
    public async Task Listed_notes_fit_the_output_schema()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var backend = await NotesBackend.StartAsync(NotesBackend.Demo, issuer.Issuer);

        var (_, catalog) = await backend.CallAsync(issuer.MintCatalog(backend.Url), "list_tools");
        var (_, listed) = await backend.CallAsync(issuer.Mint(backend.Url, Both), "list_notes");

        var schema = catalog.GetProperty("tools").EnumerateArray()
            .Single(tool => tool.GetProperty("name").GetString() == "list_notes").GetProperty("outputSchema");
        var required = schema.GetProperty("properties").GetProperty("notes").GetProperty("items").GetProperty("required")
            .EnumerateArray().Select(name => name.GetString()!);
        var note = listed.GetProperty("notes").EnumerateArray().Single();
        Assert.That(required, Is.EquivalentTo(note.EnumerateObject().Select(member => member.Name)));
        Assert.That(note.GetProperty("tags").ValueKind, Is.EqualTo(JsonValueKind.Array));
    }
}
