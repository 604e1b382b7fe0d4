using System.Collections.Frozen;

namespace Cortex.Demo;

/// <summary>What <c>get_help</c> of the demo backend answers: the pattern for an app that explains itself.</summary>
internal static class DemoHelp
{
    private static readonly FrozenDictionary<string, string> Texts = new Dictionary<string, string>
    {
        ["overview"] = "A notebook for each person. Agents read it with list_notes, write with save_note and delete_note. "
            + "echo and get_time need no data and show that the way through the gateway works.",
        ["concepts"] = "Note: an id, a title, a text, tags and the moment it was saved. Notes belong to the person who is signed in; "
            + "nobody sees the notes of another person, whatever their scopes.",
        ["workflows"] = "To change a note: list_notes to find its id, save_note with the new text, delete_note with the old id. "
            + "To find something: list_notes with query, which looks in title, text and tags.",
        ["conventions"] = "Reading needs mcp:notes:read, writing mcp:notes:write. Times are ISO 8601 in UTC. "
            + "Errors say what to do next; repeat a call only after changing what the error names.",
        ["limits"] = $"{NoteStore.MaxNotes} notes a person, titles of {NoteStore.MaxTitle} and texts of {NoteStore.MaxText} characters, "
            + "10 tags a note. Everything is in memory and ends with the process. The welcome note cannot be deleted.",
        ["examples"] = """save_note {"title": "Groceries", "text": "Milk, bread", "tags": ["home"]} · list_notes {"query": "milk", "limit": 5} · """
            + """delete_note {"id": "note-1"} · get_time {"timeZone": "Europe/Berlin"}""",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The topics, as a list to read.</summary>
    public const string Topics = "overview, concepts, workflows, conventions, limits, examples";

    public static string? Find(string topic) => Texts.GetValueOrDefault(topic);
}
