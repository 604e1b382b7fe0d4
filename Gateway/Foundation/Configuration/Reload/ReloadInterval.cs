namespace Cortex.Foundation.Configuration.Reload;

/// <summary>How often the files are looked at. Polling, since a mounted ConfigMap swaps a symlink, which file notifications miss.</summary>
internal sealed record ReloadInterval(TimeSpan Value)
{
    public static ReloadInterval Default { get; } = new(TimeSpan.FromSeconds(2));
}
