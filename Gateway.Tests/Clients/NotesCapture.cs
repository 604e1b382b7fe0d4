using Cortex.Tests.Fixtures;

namespace Cortex.Tests.Clients;

/// <summary>The setting of the client tests: one contract backend with a read and a write tool that keeps what arrives.</summary>
internal static class NotesCapture
{
    public const string Read = "mcp:notes:read";
    public const string Write = "mcp:notes:write";

    /// <summary>Public names of the two tools.</summary>
    public const string ListTool = "notes_list_notes";
    public const string SaveTool = "notes_save_note";

    public const string Note = """{"title": "Groceries", "text": "Milk"}""";

    public static async Task<CaptureBackend> StartAsync()
    {
        var backend = await CaptureBackend.StartAsync();
        backend.ListTools(
            CaptureBackend.Tool("list_notes", Read, ("query", "string?")),
            CaptureBackend.Tool("save_note", Write, ("title", "string"), ("text", "string")));
        backend.Reply("list_notes", """{"notes": []}""");
        backend.Reply("save_note", """{"id": "note-1"}""");
        return backend;
    }

    /// <summary>A configuration whose only backend is <paramref name="backend"/>, as <c>notes</c>.</summary>
    public static string Yaml(CaptureBackend backend) => $"""
        backends:
          notes:
            kind: contract
            url: {backend.Url}
        """;
}
