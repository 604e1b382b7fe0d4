using System.Collections.Frozen;
using Cortex.Backends;
using Cortex.Foundation.Model;
using Microsoft.Extensions.Options;

namespace Cortex.Catalog.Toolsets;

/// <summary>The toolsets as configured now. Thread-safe; a reload swaps them all and raises <see cref="Changed"/>.</summary>
internal sealed partial class ToolsetDirectory : IDisposable
{
    private readonly BackendRegistry _backends;
    private readonly ILogger<ToolsetDirectory> _logger;
    private readonly IDisposable? _subscription;
    private volatile FrozenDictionary<ToolsetId, Toolset> _current;

    public ToolsetDirectory(IOptionsMonitor<ToolsetsOptions> options, BackendRegistry backends, ILogger<ToolsetDirectory> logger)
    {
        (_backends, _logger) = (backends, logger);
        _current = Read(options.CurrentValue);
        LogStrangers();
        _subscription = options.OnChange(changed =>
        {
            _current = Read(changed);
            LogStrangers();
            Changed?.Invoke();
        });
    }

    /// <summary>Raised after the toolsets were swapped. Handlers must not block.</summary>
    public event Action? Changed;

    /// <summary>The toolset of this name, or null.</summary>
    public Toolset? Find(ToolsetId id) => _current.GetValueOrDefault(id);

    /// <summary>The part of <paramref name="catalog"/> that the lens shows; nothing where its toolset is no longer configured.</summary>
    public CatalogSnapshot Narrow(CatalogSnapshot catalog, CatalogLens lens)
    {
        if (lens.Toolset is not { } id)
            return catalog.Narrow(new CatalogSelection(null, lens.Backends));
        return Find(id) is { } toolset ? catalog.Narrow(new CatalogSelection(toolset, lens.Backends)) : CatalogSnapshot.Empty;
    }

    public void Dispose() => _subscription?.Dispose();

    private static FrozenDictionary<ToolsetId, Toolset> Read(ToolsetsOptions options) => options
        .Select(entry => ToolsetId.TryParse(entry.Key, out var id) ? new Toolset(id, entry.Value) : throw new FormatException($"'{entry.Key}' is not a toolset name."))
        .ToFrozenDictionary(toolset => toolset.Id);

    /// <summary>Where backends come from included files, a name that is none of them is no fault of the configuration: the file may be on its way.</summary>
    private void LogStrangers()
    {
        foreach (var toolset in _current.Values)
        {
            foreach (var backend in toolset.Backends.Where(backend => _backends.Current.Find(backend) is null))
                Log.Stranger(_logger, toolset.Id.Value, backend.Value);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4040, LogLevel.Warning, "Toolset '{Toolset}' names the backend '{Backend}', which is not configured; nothing of it is shown.", EventName = "toolset.backend.unknown")]
        public static partial void Stranger(ILogger logger, string toolset, string backend);
    }
}
