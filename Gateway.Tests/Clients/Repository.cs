namespace Cortex.Tests.Clients;

/// <summary>Where the sources of this test run lie: scripts and samples are run from there.</summary>
internal static class Repository
{
    private static readonly Lazy<string> Found = new(() =>
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Cortex.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"No Cortex.sln above '{AppContext.BaseDirectory}': run the tests inside the repository.");
    });

    /// <summary>The absolute path of something in the repository.</summary>
    public static string PathOf(params ReadOnlySpan<string> parts) => Path.Combine([Found.Value, .. parts]);
}
