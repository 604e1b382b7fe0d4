using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Cortex.Catalog.Search;

/// <summary>
/// Finds tools for a wish among those that a caller sees. An index belongs to the tools of a snapshot, and is made, aside from the request's own thread, when somebody
/// first searches them; snapshots with the same tools share it, as do all views of one. Of the indexes the last used are kept, within <see cref="MaxTools"/> altogether. Thread-safe.
/// </summary>
internal sealed class ToolSearch(int maxTools = ToolSearch.MaxTools) : IDisposable
{
    /// <summary>Most tools in all indexes that are kept: about 3 KB each.</summary>
    public const int MaxTools = 20_000;

    private readonly Lock _gate = new();
    private readonly LinkedList<Entry> _entries = [];
    private readonly ConditionalWeakTable<CatalogSnapshot, ToolSet> _sets = [];

    /// <summary>Number of indexes that are kept.</summary>
    public int Kept
    {
        get
        {
            lock (_gate)
                return _entries.Count;
        }
    }

    /// <summary>The tools of <paramref name="view"/> that fit the query best, best first.</summary>
    /// <param name="catalog">The snapshot that the view is of, or a part of it is.</param>
    public async Task<IReadOnlyList<CatalogItem>> FindAsync(CatalogSnapshot catalog, CatalogView view, string query, int limit, CancellationToken cancellationToken)
    {
        var set = _sets.GetValue(catalog, ToolSet.Of);
        var byName = view.Of(CatalogKind.Tool).ToDictionary(tool => tool.PublicName, StringComparer.Ordinal);
        var visible = set.Tools.Select(tool => byName.ContainsKey(tool.PublicName)).ToArray();
        IReadOnlyList<int> rows = [];
        while (true)
        {
            var index = await GetAsync(set).WaitAsync(cancellationToken);
            if (index.TrySearch(() => rows = ToolRanking.Rank(index, query, visible, limit)))
                return [.. rows.Select(row => byName[set.Tools[row].PublicName])];
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var entry in _entries)
                entry.Release();
            _entries.Clear();
        }
    }

    private Task<ToolIndex> GetAsync(ToolSet set)
    {
        lock (_gate)
        {
            var node = _entries.First;
            while (node is not null && node.Value.Digest != set.Digest)
                node = node.Next;
            if (node is not null)
                _entries.Remove(node);
            var entry = node?.Value ?? new Entry(set.Digest, set.Tools.Count, Task.Run(() => new ToolIndex([.. set.Tools.Select(ToolText.Of)])));
            _entries.AddFirst(entry);
            while (_entries.Count > 1 && _entries.Sum(each => each.Tools) > maxTools)
            {
                _entries.Last!.Value.Release();
                _entries.RemoveLast();
            }

            return entry.Index;
        }
    }

    /// <summary>The tools of a snapshot, and what tells them from others.</summary>
    private sealed record ToolSet(IReadOnlyList<CatalogItem> Tools, string Digest)
    {
        public static ToolSet Of(CatalogSnapshot catalog)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            CatalogItem[] tools = [.. catalog.Items.Where(item => item.Kind == CatalogKind.Tool && !item.IsOfSearch)];
            foreach (var tool in tools)
            {
                hash.AppendData(tool.Json.Span);
                hash.AppendData(","u8);
            }

            return new ToolSet(tools, Convert.ToHexString(hash.GetHashAndReset()));
        }
    }

    private sealed record Entry(string Digest, int Tools, Task<ToolIndex> Index)
    {
        /// <summary>Disposes the index, once it is made.</summary>
        public void Release() => Index.ContinueWith(
            made => made.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}
