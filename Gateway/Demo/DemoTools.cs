using System.Text.Json.Nodes;
using Cortex.Foundation.Model;

namespace Cortex.Demo;

/// <summary>The tools that the demo backend lists.</summary>
internal sealed class DemoTools
{
    private static readonly Scope Read = Scope.Parse("mcp:notes:read");
    private static readonly Scope Write = Scope.Parse("mcp:notes:write");

    private readonly NoteStore _notes;
    private readonly TimeProvider _time;

    public DemoTools(NoteStore notes, TimeProvider time)
    {
        _notes = notes;
        _time = time;
        All =
        [
            new("echo", Read, "Echo", "Returns the text it was given. Use it to check that the connection works.",
                [("text", "string")], ReadOnly: true, Echo),
            new("get_time", Read, "Current time", "Returns the current time, in UTC or in the given IANA time zone.",
                [("timeZone", "string?")], ReadOnly: true, GetTime),
            new("list_notes", Read, "List notes", "Lists your notes, newest first; with 'query' only those that contain it.",
                [("query", "string?"), ("limit", "number?")], ReadOnly: true, ListNotes) { OutputSchema = NotesSchema() },
            new("save_note", Write, "Save a note", "Saves a new note and returns it with its id.",
                [("title", "string"), ("text", "string"), ("tags", "string[]?")], ReadOnly: false, SaveNote),
            new("delete_note", Write, "Delete a note", "Deletes one of your notes for good. The id comes from list_notes.",
                [("id", "string")], ReadOnly: false, DeleteNote),
            new("get_help", Read, "Help", $"Explains this backend. Topics: {DemoHelp.Topics}; without a topic: overview.",
                [("topic", "string?")], ReadOnly: true, GetHelp),
        ];
    }

    public IReadOnlyList<DemoTool> All { get; }

    private static DemoReply Echo(DemoCall call)
    {
        var text = call.Parameters.RequiredText("text", NoteStore.MaxText);
        return call.WhenSound(() => new DemoReply.Value(new JsonObject { ["text"] = text }));
    }

    private static DemoReply GetHelp(DemoCall call)
    {
        var topic = call.Parameters.OptionalText("topic", 100) ?? "overview";
        return call.WhenSound(() => DemoHelp.Find(topic) is { } text
            ? new DemoReply.Value(new JsonObject { ["topic"] = topic, ["text"] = text })
            : new DemoReply.BadRequest($"There is no help on '{topic}'. Topics: {DemoHelp.Topics}."));
    }

    private DemoReply GetTime(DemoCall call)
    {
        var id = call.Parameters.OptionalText("timeZone", 100) ?? "UTC";
        return call.WhenSound(() => TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone)
            ? new DemoReply.Value(new JsonObject
            {
                ["time"] = TimeZoneInfo.ConvertTime(_time.GetUtcNow(), zone).ToString("O"),
                ["timeZone"] = id,
            })
            : new DemoReply.BadRequest($"Time zone '{id}' is unknown. Use an IANA name such as 'Europe/Berlin'."));
    }

    private DemoReply ListNotes(DemoCall call)
    {
        var query = call.Parameters.OptionalText("query", NoteStore.MaxTitle);
        var limit = call.Parameters.OptionalInteger("limit", 1, NoteStore.MaxNotes, 20);
        return call.WhenSound(() =>
        {
            var notes = _notes.List(call.Caller.Subject, query, limit).Select(note => note.ToJson());
            return new DemoReply.Value(new JsonObject { ["notes"] = new JsonArray([.. notes]) });
        });
    }

    private DemoReply SaveNote(DemoCall call)
    {
        var title = call.Parameters.RequiredText("title", NoteStore.MaxTitle);
        var text = call.Parameters.RequiredText("text", NoteStore.MaxText);
        var tags = call.Parameters.OptionalTexts("tags", 10, 50);
        return call.WhenSound(() => _notes.TrySave(call.Caller.Subject, title, text, tags) is { } note
            ? new DemoReply.Value(note.ToJson())
            : new DemoReply.BadRequest($"The demo is full: {NoteStore.MaxNotes} notes a person. Delete one with delete_note."));
    }

    private DemoReply DeleteNote(DemoCall call)
    {
        var id = call.Parameters.RequiredText("id", 100);
        return call.WhenSound(() =>
        {
            if (id == NoteStore.WelcomeId)
                return new DemoReply.Denied("The welcome note stays: nobody may delete it.");
            return _notes.TryDelete(call.Caller.Subject, id)
                ? new DemoReply.Value(new JsonObject { ["deleted"] = id })
                : new DemoReply.BadRequest($"You have no note '{id}'. list_notes shows the ids.");
        });
    }

    private static JsonObject NotesSchema() => JsonNode.Parse("""
        {
          "type": "object",
          "required": ["notes"],
          "properties": {
            "notes": {
              "type": "array",
              "items": {
                "type": "object",
                "required": ["id", "title", "text", "tags", "savedAt"],
                "properties": {
                  "id": { "type": "string" },
                  "title": { "type": "string" },
                  "text": { "type": "string" },
                  "tags": { "type": "array", "items": { "type": "string" } },
                  "savedAt": { "type": "string", "format": "date-time" }
                }
              }
            }
          }
        }
        """)!.AsObject();
}
