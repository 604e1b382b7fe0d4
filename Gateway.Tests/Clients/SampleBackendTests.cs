using Cortex.Tests.Fixtures;
using Cortex.Tests.Samples;
using NUnit.Framework;

namespace Cortex.Tests.Clients;

/// <summary>Each sample, added to a running gateway by the lines of <c>samples/README.md</c> and used by a real client.</summary>
internal sealed class SampleBackendTests
{
    [Test]
    public async Task Sample_added_to_a_running_gateway_serves_a_real_client(
        [Values(NotesBackend.CSharp, NotesBackend.Node, NotesBackend.Python)] string sample)
    {
        await using var gateway = await GatewayHost.StartAsync("backends: {}");
        await using var backend = await NotesBackend.StartAsync(sample, $"{gateway.Url}/identity");
        await File.WriteAllTextAsync(gateway.ConfigFile, ReadmeYaml().Replace("http://127.0.0.1:4822", backend.Url, StringComparison.Ordinal));
        await gateway.WaitForBackendAsync("my-notes");

        var saved = await NodeClient.RunAsync(
            NodeClient.Modern,
            "--url", $"{gateway.Url}/mcp", "--scopes", "mcp:notes:read mcp:notes:write", "--tool", "my-notes_save_note", "--args", NotesCapture.Note);
        var listed = await NodeClient.RunAsync(
            NodeClient.Legacy, "--url", $"{gateway.Url}/mcp", "--scopes", "mcp:notes:read", "--tool", "my-notes_list_notes");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(saved.Error, Is.Null);
            Assert.That(saved.IsError, Is.False, saved.ResultText);
            Assert.That(saved.Tools, Is.SupersetOf(["my-notes_list_notes", "my-notes_save_note"]));
            Assert.That(listed.Error, Is.Null);
            Assert.That(listed.IsError, Is.False, listed.ResultText);
            Assert.That(listed.ResultText, Does.Contain("Groceries"));
            Assert.That(listed.Tools, Does.Contain("my-notes_list_notes").And.Not.Contain("my-notes_save_note"));
        }
    }

    /// <summary>The YAML that the samples' README shows.</summary>
    private static string ReadmeYaml()
    {
        var readme = File.ReadAllText(Repository.PathOf("samples", "README.md"));
        var start = readme.IndexOf("```yaml\n", StringComparison.Ordinal) + "```yaml\n".Length;
        return readme[start..readme.IndexOf("```", start, StringComparison.Ordinal)];
    }
}
