using System.Net;
using Cortex.Tests.Clients;

namespace Cortex.Tests.Cli;

/// <summary>
/// The program as an operator starts it, <c>dotnet Gateway.dll …</c>, in a folder of its own that is not the program's. Nothing of this
/// process's settings reaches it: without further words it is the Production environment.
/// </summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly List<string> _lines = [];
    private readonly string _folder;
    private readonly ChildProcess _process;
    private readonly Task _read;

    private GatewayProcess(string folder, ChildProcess process)
    {
        _folder = folder;
        _process = process;
        _read = ReadAsync();
    }

    /// <summary>The program under test.</summary>
    public static string OwnProgram { get; } = Path.Combine(AppContext.BaseDirectory, "Gateway.dll");

    /// <summary>The lines of standard output so far.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
                return [.. _lines];
        }
    }

    public string Error => _process.Error;

    public int ExitCode => _process.ExitCode;

    /// <summary>A folder with a main configuration file; the program's working folder.</summary>
    public static string FolderWith(string yaml)
    {
        var folder = Directory.CreateTempSubdirectory("cortex-process-").FullName;
        File.WriteAllText(Path.Combine(folder, "cortex.yaml"), yaml);
        return folder;
    }

    /// <summary>Starts the program; does not wait.</summary>
    /// <param name="folder">Its working folder, gone when disposed.</param>
    /// <param name="arguments">What is typed after the program's name.</param>
    /// <param name="environment">Environment variables.</param>
    public static GatewayProcess Start(string folder, IEnumerable<string> arguments, params IEnumerable<(string Name, string? Value)> environment) =>
        StartOther(OwnProgram, folder, arguments, environment);

    /// <summary>Starts another build of the program; does not wait.</summary>
    /// <param name="program">Its <c>Gateway.dll</c>.</param>
    public static GatewayProcess StartOther(string program, string folder, IEnumerable<string> arguments, params IEnumerable<(string Name, string? Value)> environment) =>
        new(folder, ChildProcess.Start("dotnet", [program, .. arguments], folder, [.. Inherited(), .. environment]));

    /// <summary>Starts the program and waits until <c>/readyz</c> at <paramref name="url"/> says so; throws with its output when it ends first.</summary>
    public static Task<GatewayProcess> ServeAsync(string folder, string url, params IEnumerable<(string Name, string? Value)> environment) =>
        ServeOtherAsync(OwnProgram, folder, url, environment);

    /// <summary>The same with another build of the program.</summary>
    /// <param name="program">Its <c>Gateway.dll</c>.</param>
    public static async Task<GatewayProcess> ServeOtherAsync(string program, string folder, string url, params IEnumerable<(string Name, string? Value)> environment)
    {
        var process = StartOther(program, folder, ["serve", "--config", "cortex.yaml", "--urls", url], environment);
        try
        {
            await process.UntilReadyAsync(url);
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits for the end of a program that ends by itself.</summary>
    public async Task<int> EndAsync()
    {
        await _read.WaitAsync(Limit);
        await _process.ExitAsync().WaitAsync(Limit);
        return _process.ExitCode;
    }

    /// <summary>Waits until a line of standard output fits.</summary>
    public async Task<string> LineAsync(Func<string, bool> fits)
    {
        using var deadline = new CancellationTokenSource(Limit);
        while (true)
        {
            if (Lines.FirstOrDefault(fits) is { } line)
                return line;
            await Task.Delay(25, deadline.Token);
        }
    }

    /// <summary>Asks the program to stop, as an orchestrator does.</summary>
    public Task StopAsync() => _process.TerminateAsync();

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        await _read;
        Directory.Delete(_folder, recursive: true);
    }

    private static IEnumerable<(string Name, string? Value)> Inherited() => Environment.GetEnvironmentVariables().Keys
        .Cast<string>()
        .Where(name => name.StartsWith("CORTEX__", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("ASPNETCORE_", StringComparison.Ordinal)
            || name.StartsWith("DOTNET_ENVIRONMENT", StringComparison.Ordinal)
            || name.StartsWith("OTEL_", StringComparison.Ordinal))
        .Select(name => (name, (string?)null));

    private async Task UntilReadyAsync(string url)
    {
        using var http = new HttpClient();
        using var deadline = new CancellationTokenSource(Limit);
        while (true)
        {
            if (_read.IsCompleted)
                throw new InvalidOperationException($"The gateway ended: {string.Join('\n', Lines)}\n{Error}");
            try
            {
                using var answer = await http.GetAsync(new Uri($"{url}/readyz"), deadline.Token);
                if (answer.StatusCode == HttpStatusCode.OK)
                    return;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(50, deadline.Token);
        }
    }

    private async Task ReadAsync()
    {
        while (await _process.ReadLineAsync(CancellationToken.None) is { } line)
        {
            lock (_lines)
                _lines.Add(line);
        }
    }
}
