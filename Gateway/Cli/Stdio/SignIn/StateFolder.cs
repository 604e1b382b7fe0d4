namespace Cortex.Cli.Stdio.SignIn;

/// <summary>Where the bridge keeps what it has to remember of a user: <c>$XDG_STATE_HOME/cortex</c>, else <c>~/.local/state/cortex</c>; on Windows the folder for local data.</summary>
internal static class StateFolder
{
    public static string Find()
    {
        if (Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { } state && Path.IsPathRooted(state))
            return Path.Combine(state, "cortex");
        return OperatingSystem.IsWindows()
            ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "cortex")
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state", "cortex");
    }
}
