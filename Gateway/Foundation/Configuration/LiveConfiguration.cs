using Cortex.Foundation.Configuration.Binding;
using Cortex.Foundation.Configuration.Loading;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Cortex.Foundation.Configuration;

/// <summary>
/// The running configuration: an immutable snapshot that <see cref="Reload"/> replaces when the files, or what was discovered beside them, changed for something valid.
/// Thread-safe.
/// </summary>
internal sealed class LiveConfiguration
{
    private readonly Lock _reloading = new();
    private readonly ConfigurationLoader _loader;
    private readonly Dictionary<Type, object> _monitors;
    private LoadAttempt _lastAttempt;
    private readonly TimeProvider _time;
    private volatile State _state;
    private volatile ReloadTry _lastTry;
    private volatile DiscoveredBackends _discovered = DiscoveredBackends.None;

    private LiveConfiguration(string file, IReadOnlyList<ConfigurationSection> sections, IReadOnlyDictionary<string, string?> environment, TimeProvider time)
    {
        File = file;
        Sections = sections;
        BaseDirectory = Path.GetDirectoryName(Path.GetFullPath(file))!;
        _time = time;
        _loader = new ConfigurationLoader(file, BaseDirectory, new RootShape(sections), environment, time);
        _lastAttempt = _loader.Run(null, _discovered);
        var snapshot = _lastAttempt.Snapshot
            ?? throw new ConfigurationException([.. _lastAttempt.MainErrors, .. _lastAttempt.FileErrors]);
        _state = new State(snapshot, new CancellationTokenSource());
        _lastTry = new ReloadTry(time.GetUtcNow(), OutcomeOf(snapshot), []);
        _monitors = sections.ToDictionary(
            section => section.OptionsType,
            section => Activator.CreateInstance(typeof(SectionMonitor<>).MakeGenericType(section.OptionsType), this)!);
    }

    /// <summary>The main file, as given.</summary>
    public string File { get; }

    /// <summary>Folder of the main file, absolute: relative paths in the configuration count from here.</summary>
    public string BaseDirectory { get; }

    public IReadOnlyList<ConfigurationSection> Sections { get; }

    /// <summary>The state that runs now.</summary>
    public ConfigurationSnapshot Current => _state.Snapshot;

    /// <summary>How well the running state matches the files.</summary>
    public ConfigurationStatus Status => StatusOf(Current);

    /// <summary>The last time the files were read because they had changed, whatever came of it; at first the start.</summary>
    public ReloadTry LastTry => _lastTry;

    /// <summary>Reads the configuration; throws <see cref="ConfigurationException"/> with every fault when the main file has one.</summary>
    /// <param name="file">The main file; relative paths count from the current folder.</param>
    /// <param name="sections">The root keys.</param>
    /// <param name="environment">Variables for <c>${env:NAME}</c> and for overrides (<c>CORTEX__gateway__publicUrl</c>).</param>
    /// <param name="time">Clock for <see cref="ConfigurationStatus.LastGoodLoad"/>; unset: the system's.</param>
    public static LiveConfiguration Load(
        string file,
        IReadOnlyList<ConfigurationSection> sections,
        IReadOnlyDictionary<string, string?> environment,
        TimeProvider? time = null) => new(file, sections, environment, time ?? TimeProvider.System);

    /// <summary>The options of the current snapshot.</summary>
    public T Get<T>()
        where T : class, new() => Current.Options.TryGetValue(typeof(T), out var options)
            ? (T)options
            : throw new InvalidOperationException($"No section of the configuration binds {typeof(T).Name}.");

    /// <summary>The options of whichever snapshot is current, with change callbacks.</summary>
    public IOptionsMonitor<T> Monitor<T>()
        where T : class, new() => (IOptionsMonitor<T>)Monitor(typeof(T));

    /// <summary>The <c>IOptionsMonitor</c> of an options type, which is its <c>IOptions</c> too.</summary>
    public object Monitor(Type optionsType) => _monitors.TryGetValue(optionsType, out var monitor)
        ? monitor
        : throw new InvalidOperationException($"No section of the configuration binds {optionsType.Name}.");

    /// <summary>Fires once, after the next snapshot with other options than these was put in place.</summary>
    public IChangeToken ChangeToken() => _state.Token;

    /// <summary>Says what is there beside the files from now on; <see cref="Reload"/> takes it up.</summary>
    public void Offer(DiscoveredBackends discovered) => _discovered = discovered;

    /// <summary>
    /// Looks at the files, and at what was offered, again. What is valid replaces what runs: a faulty main file leaves the main part as it is, a faulty included file
    /// leaves that file's part as it is.
    /// </summary>
    public ReloadResult Reload()
    {
        State before, after;
        string[] changed;
        lock (_reloading)
        {
            var discovered = _discovered;
            if (ReferenceEquals(discovered, _lastAttempt.Discovered) && !_lastAttempt.Sources.HasChanged())
                return new ReloadResult.Unchanged();
            before = _state;
            _lastAttempt = _loader.Run(before.Snapshot, discovered);
            var next = _lastAttempt.Snapshot!;
            changed = [.. Sections
                .Where(section => !ReferenceEquals(next.Options[section.OptionsType], before.Snapshot.Options[section.OptionsType]))
                .Select(section => section.Key)];
            _lastTry = new ReloadTry(_time.GetUtcNow(), OutcomeOf(next), changed);
            _state = after = changed.Length == 0 ? before with { Snapshot = next } : new State(next, new CancellationTokenSource());
        }

        var failure = changed.Length > 0 ? before.Announce() : null;
        var status = StatusOf(after.Snapshot);
        return OutcomeOf(after.Snapshot) switch
        {
            ReloadOutcome.Rejected => new ReloadResult.Rejected(changed, status) { ListenerFailure = failure },
            ReloadOutcome.Partial => new ReloadResult.Partial(changed, status) { ListenerFailure = failure },
            _ => new ReloadResult.Accepted(changed, status) { ListenerFailure = failure },
        };
    }

    private static ReloadOutcome OutcomeOf(ConfigurationSnapshot snapshot) => snapshot switch
    {
        { MainErrors.Count: > 0 } => ReloadOutcome.Rejected,
        { FileErrors.Count: > 0 } => ReloadOutcome.Partial,
        _ => ReloadOutcome.Accepted,
    };

    private static ConfigurationStatus StatusOf(ConfigurationSnapshot snapshot) =>
        new(snapshot.LoadedAt, [.. snapshot.MainErrors, .. snapshot.FileErrors], snapshot.PendingRestart);

    /// <summary>A snapshot and what tells of its end.</summary>
    private sealed record State(ConfigurationSnapshot Snapshot, CancellationTokenSource Ended)
    {
        public IChangeToken Token => new CancellationChangeToken(Ended.Token);

        /// <summary>Runs every callback, also when one throws; gives what they threw.</summary>
        public AggregateException? Announce()
        {
            try
            {
                Ended.Cancel();
                return null;
            }
            catch (AggregateException exception)
            {
                return exception;
            }
        }
    }
}
