using System.ComponentModel;
using System.Diagnostics;

namespace Cortex.Cli.Stdio.SignIn;

/// <summary>Opens an address in the user's browser: the one that <c>BROWSER</c> names, else the platform's. Where there is none, the address is printed on standard error.</summary>
internal sealed class Browser(TextWriter error)
{
    public async Task OpenAsync(Uri address)
    {
        foreach (var start in Openers(address.AbsoluteUri))
        {
            if (TryStart(start) is not { } process)
                continue;
            _ = TellOfFailureAsync(process, address);
            return;
        }

        await PrintAsync(address);
    }

    private static IEnumerable<ProcessStartInfo> Openers(string address)
    {
        if (Environment.GetEnvironmentVariable("BROWSER") is { Length: > 0 } named)
            return named.Split(Path.PathSeparator).Select(line => Named(line, address));
        if (OperatingSystem.IsWindows())
            return [new ProcessStartInfo(address) { UseShellExecute = true }];
        if (OperatingSystem.IsMacOS())
            return [Quiet("open", address)];
        var hasScreen = Environment.GetEnvironmentVariable("DISPLAY") is { Length: > 0 } || Environment.GetEnvironmentVariable("WAYLAND_DISPLAY") is { Length: > 0 };
        return hasScreen ? [Quiet("xdg-open", address)] : [];
    }

    private static ProcessStartInfo Named(string line, string address)
    {
        if (!line.Contains("%s", StringComparison.Ordinal))
            return Quiet(line, address);
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return Quiet(words[0], [.. words.Skip(1).Select(word => word.Replace("%s", address, StringComparison.Ordinal))]);
    }

    /// <summary>A program that can neither read the client's messages nor write among the answers.</summary>
    private static ProcessStartInfo Quiet(string program, params IEnumerable<string> arguments) =>
        new(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };

    private static Process? TryStart(ProcessStartInfo start)
    {
        try
        {
            var process = Process.Start(start);
            if (process is not null && start.RedirectStandardInput)
            {
                process.StandardInput.Close();
                process.BeginOutputReadLine();
                process.BeginErrorReadLine();
            }

            return process;
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException)
        {
            // Not installed: the next one is tried, and in the end the address is printed.
            return null;
        }
    }

    private async Task TellOfFailureAsync(Process process, Uri address)
    {
        using (process)
        {
            await process.WaitForExitAsync();
            if (process.ExitCode != 0)
                await PrintAsync(address);
        }
    }

    private Task PrintAsync(Uri address) => error.WriteLineAsync($"To sign in, open this address in a browser on this machine: {address.AbsoluteUri}");
}
