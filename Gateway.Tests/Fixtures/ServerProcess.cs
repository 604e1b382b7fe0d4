using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Cortex.Tests.Fixtures;

/// <summary>
/// A server program that lives no longer than the test run: a shell waits on a pipe from this process, and stops the server when the pipe
/// ends, be it by <see cref="StopAsync"/> or because the run was killed.
/// </summary>
internal sealed class ServerProcess
{
    private const string Script = "signal=$1; shift; \"$@\" & server=$!; read -r line; kill -\"$signal\" $server; wait $server";

    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentQueue<string> _output = new();
    private readonly Process _process;

    /// <param name="stopSignal">What stops the program, for example <c>TERM</c>.</param>
    public ServerProcess(string stopSignal, string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", Script, "sh", stopSignal, program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        _process.ErrorDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>A port of the loopback address that is free now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The program's path, from PATH or the given folders; null when it is not installed.</summary>
    public static string? Find(string program, params IEnumerable<string> folders) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Concat(folders)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);

    /// <summary>Waits until <paramref name="isReady"/> says so.</summary>
    public async Task ReadyAsync(string name, Func<Task<bool>> isReady)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await isReady())
        {
            if (Stopwatch.GetElapsedTime(started) > StartDeadline)
            {
                await StopAsync();
                throw new InvalidOperationException($"{name} did not start: {string.Join(Environment.NewLine, _output.TakeLast(20))}");
            }

            await Task.Delay(Pause);
        }
    }

    public async Task StopAsync()
    {
        _process.StandardInput.Close();
        using var deadline = new CancellationTokenSource(StopDeadline);
        await _process.WaitForExitAsync(deadline.Token);
        _process.Dispose();
    }
}
