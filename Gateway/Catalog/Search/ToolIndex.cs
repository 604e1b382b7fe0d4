using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Cortex.Catalog.Search;

/// <summary>
/// A full-text index of tools in SQLite's memory (FTS5, Porter's stemming). What a tool is called and the first sentence on it stand in one table, the rest in
/// another, so that a long text or a large schema does not count against a tool. Row n is the n-th tool. Thread-safe; once disposed it finds nothing.
/// </summary>
internal sealed class ToolIndex : IDisposable
{
    /// <summary>What a match in the second table counts against one in the first.</summary>
    private const double BodyShare = 0.5;

    /// <summary>Most words whose matches are kept for the next query.</summary>
    private const int MaxKept = 2000;

    private readonly SqliteConnection _connection = new("Data Source=:memory:;Pooling=False");
    private readonly Lock _gate = new();
    private readonly Dictionary<string, IReadOnlyList<ToolMatch>> _kept = new(StringComparer.Ordinal);
    private bool _isDisposed;

    /// <summary>Indexes the tools.</summary>
    public ToolIndex(IReadOnlyList<ToolText> tools)
    {
        _connection.Open();
        Execute("""
            CREATE VIRTUAL TABLE heads USING fts5(name, title, lead, content='', tokenize='porter unicode61 remove_diacritics 2');
            CREATE VIRTUAL TABLE bodies USING fts5(description, parameters, texts, content='', tokenize='porter unicode61 remove_diacritics 2');
            """);
        using var transaction = _connection.BeginTransaction();
        using var head = Insert("INSERT INTO heads(rowid, name, title, lead) VALUES ($0, $1, $2, $3)");
        using var body = Insert("INSERT INTO bodies(rowid, description, parameters, texts) VALUES ($0, $1, $2, $3)");
        for (var row = 0; row < tools.Count; row++)
        {
            var tool = tools[row];
            Run(head, row, tool.Name, tool.Title, tool.Lead);
            Run(body, row, tool.Description, tool.Parameters, tool.ParameterTexts);
        }

        transaction.Commit();
    }

    /// <summary>Runs a search on this index alone; false when it is disposed.</summary>
    public bool TrySearch(Action search)
    {
        lock (_gate)
        {
            if (_isDisposed)
                return false;
            search();
            return true;
        }
    }

    /// <summary>The tools that have the word in any of its forms, or with <paramref name="isPrefix"/> words that begin with it; within <see cref="TrySearch"/> only.</summary>
    /// <param name="word">Letters and digits alone: it is quoted all the same, so that no word is an operator.</param>
    public IReadOnlyList<ToolMatch> Find(string word, bool isPrefix)
    {
        var expression = $"\"{word.Replace("\"", "\"\"", StringComparison.Ordinal)}\"{(isPrefix ? "*" : "")}";
        if (_kept.TryGetValue(expression, out var kept))
            return kept;
        var scores = new Dictionary<int, double>();
        Add(scores, "SELECT rowid, bm25(heads, 3, 1, 1.5) FROM heads WHERE heads MATCH $word", expression, 1);
        Add(scores, "SELECT rowid, bm25(bodies, 2, 0.5, 0.7) FROM bodies WHERE bodies MATCH $word", expression, BodyShare);
        if (_kept.Count >= MaxKept)
            _kept.Clear();
        return _kept[expression] = [.. scores.Select(score => new ToolMatch(score.Key, score.Value))];
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _connection.Dispose();
        }
    }

    /// <summary>SQLite's <c>bm25()</c> is the better the smaller it is.</summary>
    private void Add(Dictionary<int, double> scores, string sql, string expression, double share)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$word", expression);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var row = reader.GetInt32(0);
            scores[row] = scores.GetValueOrDefault(row) - (reader.GetDouble(1) * share);
        }
    }

    private void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private SqliteCommand Insert(string sql)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < 4; i++)
            command.Parameters.Add(new SqliteParameter("$" + i.ToString(CultureInfo.InvariantCulture), DBNull.Value));
        return command;
    }

    private static void Run(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
        command.ExecuteNonQuery();
    }
}

/// <summary>A tool that has a word.</summary>
/// <param name="Row">The tool.</param>
/// <param name="Score">How well it fits; the larger the better.</param>
internal readonly record struct ToolMatch(int Row, double Score);
