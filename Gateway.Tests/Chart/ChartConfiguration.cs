using System.Text.RegularExpressions;
using Cortex.Foundation.Configuration;

namespace Cortex.Tests.Chart;

/// <summary>A rendered <c>cortex.yaml</c> on this machine: what it refers to is there, as the pod's volumes and variables would have it.</summary>
internal sealed partial class ChartConfiguration : IDisposable
{
    private const string Key = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cortex-chart-config-");

    public ChartConfiguration(string yaml)
    {
        System.IO.File.WriteAllText(File("database"), "Host=db.internal;Database=cortex;Username=cortex;Password=secret");
        System.IO.File.WriteAllText(File("redis"), "redis.internal:6380,ssl=true,password=secret");
        System.IO.File.WriteAllText(File("other"), Key);
        System.IO.File.WriteAllText(MainFile, Reference().Replace(yaml, reference => $"${{file:{File(reference.Groups["folder"].Value switch
        {
            "cortex-database" => "database",
            "cortex-redis" => "redis",
            _ => "other",
        })}}}"));
    }

    /// <summary>The main file.</summary>
    public string MainFile => File("cortex.yaml");

    /// <summary>Reads it, as <c>cortex check</c> does.</summary>
    public LiveConfiguration Load() => LiveConfiguration.Load(
        MainFile,
        Sections.All,
        new Dictionary<string, string?> { ["PGPASSWORD"] = "secret", ["REDIS_PASSWORD"] = "secret", ["CORTEX_KEY"] = Key });

    /// <summary>Puts a team's file where its ConfigMap would be.</summary>
    public void AddTeam(string name, string yaml)
    {
        Directory.CreateDirectory(File("backends.d"));
        System.IO.File.WriteAllText(Path.Combine(File("backends.d"), $"{name}.yaml"), yaml);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string File(string name) => Path.Combine(_folder.FullName, name);

    [GeneratedRegex(@"\$\{file:/run/secrets/(?<folder>[^/}]+)[^}]*\}")]
    private static partial Regex Reference();
}
