using System.Collections.Concurrent;

namespace Cortex.Demo;

/// <summary>
/// The notes of every person, in memory and bounded; gone when the process ends. Each person starts with one note that can't be
/// deleted (<see cref="WelcomeId"/>), so that the demo can show a refusal by the app itself. Thread-safe.
/// </summary>
internal sealed class NoteStore(TimeProvider time)
{
    public const string WelcomeId = "welcome";
    public const int MaxPersons = 1000;
    public const int MaxNotes = 100;
    public const int MaxTitle = 200;
    public const int MaxText = 10_000;

    private readonly ConcurrentDictionary<string, Notebook> _notebooks = new(StringComparer.Ordinal);

    /// <summary>The newest notes first; of those that contain <paramref name="query"/> when it is given.</summary>
    public IReadOnlyList<Note> List(string person, string? query, int limit) =>
        Open(person)?.Read(notes => notes
            .Where(note => string.IsNullOrEmpty(query) || Matches(note, query))
            .Reverse()
            .Take(limit)
            .ToArray()) ?? [];

    public int Count(string person) => Open(person)?.Read(notes => notes.Count) ?? 0;

    /// <summary>Keeps a new note; null when the person, or the demo as a whole, is full.</summary>
    public Note? TrySave(string person, string title, string text, IReadOnlyList<string> tags) =>
        Open(person)?.Add(title, text, tags, time.GetUtcNow());

    /// <summary>False when the person has no such note.</summary>
    public bool TryDelete(string person, string id) =>
        Open(person)?.Read(notes => notes.RemoveAll(note => note.Id == id) > 0) ?? false;

    private static bool Matches(Note note, string query) =>
        note.Title.Contains(query, StringComparison.OrdinalIgnoreCase)
        || note.Text.Contains(query, StringComparison.OrdinalIgnoreCase)
        || note.Tags.Contains(query, StringComparer.OrdinalIgnoreCase);

    private Notebook? Open(string person)
    {
        if (_notebooks.TryGetValue(person, out var known))
            return known;
        return _notebooks.Count < MaxPersons ? _notebooks.GetOrAdd(person, _ => new Notebook(time.GetUtcNow())) : null;
    }

    /// <summary>The notes of one person.</summary>
    private sealed class Notebook(DateTimeOffset openedAt)
    {
        private readonly Lock _gate = new();
        private readonly List<Note> _notes =
        [
            new(WelcomeId, "Welcome", "Notes live in the memory of the demo backend. This one stays.", ["demo"], openedAt),
        ];

        private int _last;

        public T Read<T>(Func<List<Note>, T> read)
        {
            lock (_gate)
                return read(_notes);
        }

        public Note? Add(string title, string text, IReadOnlyList<string> tags, DateTimeOffset now)
        {
            lock (_gate)
            {
                if (_notes.Count >= MaxNotes)
                    return null;
                var note = new Note($"note-{++_last}", title, text, tags, now);
                _notes.Add(note);
                return note;
            }
        }
    }
}
