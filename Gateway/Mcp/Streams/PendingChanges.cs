using System.Threading.Channels;
using Cortex.Catalog;

namespace Cortex.Mcp.Streams;

/// <summary>
/// What a stream has yet to tell its client: a set, never a queue, so that a client that reads slowly costs no memory. Thread-safe for those who add;
/// one reader takes.
/// </summary>
internal sealed class PendingChanges
{
    /// <summary>Most resources that may be pending; a client that lets more come together is dropped.</summary>
    public const int MaxUris = 1000;

    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Lock _gate = new();
    private CatalogLists _lists;
    private HashSet<string>? _uris;
    private HashSet<string>? _elicited;
    private StreamLook _look;
    private bool _isSilent;
    private StreamEnd? _end;

    /// <summary>True while the stream watches resources, and wants to know when somebody else may answer for them.</summary>
    public bool IsWatching { get; set; }

    /// <summary>These lists changed.</summary>
    public void Add(CatalogLists lists)
    {
        if (lists == CatalogLists.None)
            return;
        lock (_gate)
            _lists |= lists;
        Signal();
    }

    /// <summary>This resource, by its public URI, was updated.</summary>
    public void Add(string uri)
    {
        lock (_gate)
        {
            _uris ??= new HashSet<string>(StringComparer.Ordinal);
            if (_uris.Count < MaxUris)
                _uris.Add(uri);
            else if (!_uris.Contains(uri))
                _end ??= StreamEnd.SlowReader;
        }

        Signal();
    }

    /// <summary>What the person was asked to do at an address is done.</summary>
    public void AddElicited(string id)
    {
        lock (_gate)
        {
            _elicited ??= new HashSet<string>(StringComparer.Ordinal);
            if (_elicited.Count < MaxUris)
                _elicited.Add(id);
        }

        Signal();
    }

    /// <summary>Something is to be looked at.</summary>
    public void Look(StreamLook what)
    {
        lock (_gate)
            _look |= what;
        Signal();
    }

    /// <summary>The stream ends; of several reasons the first counts.</summary>
    public void End(StreamEnd end)
    {
        lock (_gate)
            _end ??= end;
        Signal();
    }

    /// <summary>The client has heard nothing for a while.</summary>
    public void KeepAlive()
    {
        lock (_gate)
            _isSilent = true;
        Signal();
    }

    /// <summary>Waits for the next signal.</summary>
    public async ValueTask WaitAsync() => await _signal.Reader.ReadAsync();

    /// <summary>Takes all that is pending.</summary>
    public Taken Take()
    {
        lock (_gate)
        {
            var taken = new Taken(_lists, _uris, _elicited, _look, _isSilent, _end);
            (_lists, _uris, _elicited, _look, _isSilent) = (CatalogLists.None, null, null, StreamLook.None, false);
            return taken;
        }
    }

    private void Signal() => _signal.Writer.TryWrite(true);

    /// <summary>What was pending.</summary>
    internal readonly record struct Taken(CatalogLists Lists, IReadOnlyCollection<string>? Uris, IReadOnlyCollection<string>? Elicited, StreamLook Look, bool IsSilent, StreamEnd? End);
}
