using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Cortex.Tests.Clients;

/// <summary>A process started by a test: its output is kept, and it dies with the test.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _error = new();
    private readonly Task _errorRead;
    private Task _rest = Task.CompletedTask;

    private ChildProcess(Process process)
    {
        _process = process;
        _errorRead = ReadErrorAsync();
    }

    /// <summary>What came on standard error so far.</summary>
    public string Error
    {
        get
        {
            lock (_error)
                return _error.ToString();
        }
    }

    public int ExitCode => _process.ExitCode;

    public bool HasExited => _process.HasExited;

    public static ChildProcess Start(
        string program, IEnumerable<string> arguments, string folder, params IEnumerable<(string Name, string? Value)> environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var process = Process.Start(start) ?? throw new InvalidOperationException($"'{program}' did not start.");
        process.StandardInput.Close();
        return new ChildProcess(process);
    }

    /// <summary>The next line of standard output; null at its end.</summary>
    public async Task<string?> ReadLineAsync(CancellationToken cancellationToken) =>
        await _process.StandardOutput.ReadLineAsync(cancellationToken);

    /// <summary>Lets nobody wait for whoever reads standard output: from now on it is read and forgotten.</summary>
    public void ReadAway() => _rest = ReadRestAsync();

    /// <summary>Reads standard output to its end and waits for the process.</summary>
    public async Task<string> ReadToEndAsync(CancellationToken cancellationToken)
    {
        var output = await _process.StandardOutput.ReadToEndAsync(cancellationToken);
        await _process.WaitForExitAsync(cancellationToken);
        await _errorRead;
        return output;
    }

    /// <summary>Waits until the process has ended and all it wrote on standard error is read.</summary>
    public async Task ExitAsync()
    {
        await _process.WaitForExitAsync();
        await _errorRead;
    }

    /// <summary>Asks the process to stop (SIGTERM); does not wait.</summary>
    public async Task TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await Task.WhenAll(_errorRead, _rest);
        _process.Dispose();
    }

    private async Task ReadRestAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is not null)
        {
        }
    }

    private async Task ReadErrorAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            lock (_error)
                _error.AppendLine(line);
        }
    }
}
