using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Cortex.Bench;

/// <summary>
/// A server in a process of its own, whose output goes to a file. A shell between the two stops it when the pipe from this process ends, so
/// that nothing outlives the measurement, however it ends.
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const string Script = "log=$1; shift; \"$@\" >\"$log\" 2>&1 & server=$!; echo $server; read -r line; kill $server; wait $server";

    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);

    private readonly Process _shell;
    private readonly Process _server;
    private readonly string _log;

    private ChildProcess(Process shell, Process server, string log) => (_shell, _server, _log) = (shell, server, log);

    /// <summary>Its process id.</summary>
    public int Id => _server.Id;

    /// <summary>Processor time the server has used so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _server.Refresh();
            return _server.TotalProcessorTime;
        }
    }

    /// <summary>Memory of the server that is in use, in bytes.</summary>
    public long WorkingSet
    {
        get
        {
            _server.Refresh();
            return _server.WorkingSet64;
        }
    }

    /// <summary>A loopback address on a port that is free now.</summary>
    public static string FreeUrl()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
    }

    /// <summary>Runs an assembly and waits until <paramref name="probe"/> is answered with a success.</summary>
    public static async Task<ChildProcess> StartAsync(string log, (HttpMethod Method, string Url) probe, string assembly, params IEnumerable<string> arguments)
    {
        using var http = new HttpClient();
        return await StartAsync(log, "dotnet", [assembly, .. arguments], IsReadyAsync);

        async Task<bool> IsReadyAsync()
        {
            using var request = new HttpRequestMessage(probe.Method, probe.Url) { Content = probe.Method == HttpMethod.Post ? new ByteArrayContent([]) : null };
            try
            {
                using var reply = await http.SendAsync(request);
                return reply.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }
    }

    /// <summary>Runs a program and waits until it is ready.</summary>
    public static async Task<ChildProcess> StartAsync(string log, string program, IEnumerable<string> arguments, Func<Task<bool>> isReady)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", Script, "sh", log, program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (var name in start.Environment.Keys.Where(IsForeign).ToArray())
            start.Environment.Remove(name);
        var shell = Process.Start(start)!;
        var id = int.Parse((await shell.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
        var child = new ChildProcess(shell, Process.GetProcessById(id), log);
        try
        {
            await child.WaitAsync(isReady);
            return child;
        }
        catch
        {
            await child.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync();
        _shell.Dispose();
        _server.Dispose();
    }

    /// <summary>Settings of another gateway, which are not to reach the one that is measured.</summary>
    private static bool IsForeign(string name) =>
        name.StartsWith("CORTEX__", StringComparison.OrdinalIgnoreCase) || name.StartsWith("OTEL_", StringComparison.Ordinal) || name.StartsWith("ASPNETCORE_", StringComparison.Ordinal);

    private async Task WaitAsync(Func<Task<bool>> isReady)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await isReady())
        {
            if (Stopwatch.GetElapsedTime(started) > StartDeadline || _server.HasExited)
                throw new InvalidOperationException($"The server did not start: {string.Join('\n', File.ReadLines(_log).TakeLast(20))}");
            await Task.Delay(50);
        }
    }
}
