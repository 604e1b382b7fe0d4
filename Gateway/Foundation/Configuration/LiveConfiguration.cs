using Microsoft.Extensions.Options;

namespace Cortex.Foundation.Configuration;

/// <summary>The running configuration.</summary>
internal sealed class LiveConfiguration
{
    private LiveConfiguration(string file, IReadOnlyList<ConfigurationSection> sections)
    {
        File = file;
        Sections = sections;
        BaseDirectory = Path.GetDirectoryName(Path.GetFullPath(file))!;
    }

    /// <summary>The main file, as given.</summary>
    public string File { get; }

    /// <summary>Folder of the main file: relative paths in the configuration count from here.</summary>
    public string BaseDirectory { get; }

    public IReadOnlyList<ConfigurationSection> Sections { get; }

    /// <summary>Reads the configuration; throws <see cref="ConfigurationException"/> with every fault of the main file.</summary>
    public static LiveConfiguration Load(
        string file,
        IReadOnlyList<ConfigurationSection> sections,
        IReadOnlyDictionary<string, string?> environment,
        TimeProvider? time = null)
    {
        _ = environment;
        _ = time;
        return new LiveConfiguration(file, sections);
    }

    /// <summary>The options of the current snapshot.</summary>
    public T Get<T>()
        where T : class, new() => Monitor<T>().CurrentValue;

    /// <summary>The options of whichever snapshot is current, with change callbacks.</summary>
    public IOptionsMonitor<T> Monitor<T>()
        where T : class, new() => throw new InvalidOperationException($"No section binds {typeof(T).Name} in {File}.");
}
