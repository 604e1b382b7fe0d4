using Cortex.Foundation.Configuration;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.Configuration;

/// <summary>A folder of configuration files that goes away with the test.</summary>
internal sealed class ConfigFolder : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cortex-config-").FullName;

    public ConfigFolder(string main = "gateway: {}") => Write("cortex.yaml", main);

    public string Main => At("cortex.yaml");

    public Dictionary<string, string?> Environment { get; } = new(StringComparer.Ordinal);

    public string At(string name) => Path.Combine(_folder, name);

    public void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllText(At(name), text);
    }

    public LiveConfiguration Load(TimeProvider? time = null) => LiveConfiguration.Load(Main, Sections.All, Environment, time);

    /// <summary>The faults that refuse the start.</summary>
    public IReadOnlyList<ConfigurationError> Faults() => Assert.Throws<ConfigurationException>(() => Load())!.Errors;

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
