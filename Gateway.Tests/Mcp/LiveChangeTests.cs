using Cortex.Catalog;
using Cortex.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Cortex.Tests.Mcp;

/// <summary>What changes under a running gateway: files, secrets, the tools of a backend.</summary>
internal sealed class LiveChangeTests
{
    [Test]
    public async Task Backend_of_a_mounted_ConfigMap_appears_when_the_mount_is_swapped()
    {
        await using var notes = await NotesAsync();
        var mount = Directory.CreateTempSubdirectory("cortex-mount-").FullName;
        Mount(mount, "..v1", "backends: {}");
        Directory.CreateSymbolicLink(Path.Combine(mount, "..data"), "..v1");
        File.CreateSymbolicLink(Path.Combine(mount, "team.yaml"), "..data/team.yaml");
        await using var gateway = await GatewayHost.StartAsync($"include: ['{mount}/*.yaml']");
        using var alice = await TestPerson.SignInAsync(gateway, "alice@example.com", "offline_access");
        Assert.That((await alice.ModernAsync("tools/list")).ToolNames, Is.Empty);

        Mount(mount, "..v2", $"backends: {{ two: {{ url: '{notes.Url}' }} }}");
        File.Delete(Path.Combine(mount, "..data"));
        Directory.CreateSymbolicLink(Path.Combine(mount, "..data"), "..v2");
        await gateway.WaitForBackendAsync("two");

        using var bob = await TestPerson.SignInAsync(gateway, "bob@example.com", "mcp:notes:read");
        Assert.That((await bob.ModernAsync("tools/list")).ToolNames, Is.EqualTo(["two_read"]));
        Assert.That((await bob.CallAsync("two_read")).IsToolError, Is.False);
        Directory.Delete(mount, recursive: true);
    }

    [Test]
    public async Task Rotated_secret_of_a_file_reaches_the_backend_without_a_restart()
    {
        await using var notes = await NotesAsync();
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "first\n");
        await using var gateway = await GatewayHost.StartAsync($$"""
            backends: { notes: { url: "{{notes.Url}}", auth: static, staticHeader: X-Api-Key, staticSecret: "${file:{{file}}}" } }
            """);
        using var alice = await TestPerson.SignInAsync(gateway, "alice@example.com", "mcp:notes:read");
        await alice.CallAsync("notes_read");
        Assert.That(notes.Calls("read")[^1].Header("X-Api-Key"), Is.EqualTo("first"));

        await File.WriteAllTextAsync(file, "second\n");

        await UntilAsync(async () =>
        {
            await alice.CallAsync("notes_read");
            return notes.Calls("read")[^1].Header("X-Api-Key") == "second";
        });
        File.Delete(file);
    }

    [Test]
    public async Task Tool_that_the_backend_no_longer_lists_is_gone_and_a_new_one_is_there()
    {
        await using var notes = await NotesAsync();
        await using var gateway = await GatewayHost.StartAsync(
            $$"""backends: { notes: { url: "{{notes.Url}}" } }""",
            customize: builder => builder.Services.AddSingleton(new CatalogSchedule { Interval = TimeSpan.FromMilliseconds(100) }));
        using var alice = await TestPerson.SignInAsync(gateway, "alice@example.com", "mcp:notes:read");
        Assert.That((await alice.ModernAsync("tools/list")).ToolNames, Is.EqualTo(["notes_read"]));

        notes.ListTools("""{"name": "look", "scope": "mcp:notes:read", "version": "2.0", "deprecated": {"replacedBy": "read2"}}""");

        await UntilAsync(async () => (await alice.ModernAsync("tools/list")).ToolNames is ["notes_look"]);
        var tool = (await alice.ModernAsync("tools/list")).Result["tools"]![0]!.ToJsonString();
        Assert.That(tool, Does.Contain("read2").And.Contain("2.0"));
        Assert.That((await alice.CallAsync("notes_read")).Body, Does.Contain("notes_read").And.Contain("tools/list"));
    }

    private static void Mount(string mount, string version, string yaml)
    {
        Directory.CreateDirectory(Path.Combine(mount, version));
        File.WriteAllText(Path.Combine(mount, version, "team.yaml"), yaml);
    }

    private static async Task<CaptureBackend> NotesAsync()
    {
        var backend = await CaptureBackend.StartAsync();
        backend.ListTools(CaptureBackend.Tool("read", "mcp:notes:read"));
        return backend;
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await condition())
            await Task.Delay(50, deadline.Token);
    }
}
