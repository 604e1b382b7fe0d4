using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Cortex.Demo;
using Cortex.Tests.Clients;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace Cortex.Tests.Samples;

/// <summary>One of the four notes backends, running: the demo of the gateway, or a sample in a process of its own.</summary>
internal sealed class NotesBackend : IAsyncDisposable
{
    public const string Demo = "demo";
    public const string CSharp = "csharp";
    public const string Node = "node";
    public const string Python = "python";

    /// <summary>No build server may outlive <c>dotnet run</c>: it would hold the output of the process open.</summary>
    private static readonly (string Name, string? Value)[] QuietBuild =
    [
        ("DOTNET_NOLOGO", "1"),
        ("MSBUILDDISABLENODEREUSE", "1"),
        ("DOTNET_CLI_USE_MSBUILD_SERVER", "0"),
        ("UseSharedCompilation", "false"),
    ];

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(20) };
    private readonly IAsyncDisposable _running;

    private NotesBackend(IAsyncDisposable running, string url)
    {
        _running = running;
        Url = url;
    }

    /// <summary>Base address, and audience of its tokens.</summary>
    public string Url { get; }

    public static async Task<NotesBackend> StartAsync(string kind, string issuer)
    {
        var url = $"http://127.0.0.1:{FreePort()}";
        return kind is Demo
            ? new NotesBackend(await StartDemoAsync(url, issuer), url)
            : await StartSampleAsync(kind, url, issuer);
    }

    /// <summary>Calls one method.</summary>
    /// <param name="token">Bearer token; null for none.</param>
    /// <param name="method">The method.</param>
    /// <param name="parameters">Its parameters; null leaves <c>params</c> out.</param>
    public Task<(HttpStatusCode Status, JsonElement Body)> CallAsync(string? token, string method, object? parameters = null) =>
        PostAsync(token, parameters is null
            ? JsonContent.Create(new { method })
            : JsonContent.Create(new { method, @params = parameters }));

    /// <summary>Posts any body.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string? token, HttpContent content)
    {
        await content.LoadIntoBufferAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, Url + "/api/cortex/backend") { Content = content };
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await _http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text));
    }

    public async ValueTask DisposeAsync()
    {
        await _running.DisposeAsync();
        _http.Dispose();
    }

    private static async Task<IAsyncDisposable> StartDemoAsync(string url, string issuer) => await DemoServer.StartAsync(
        new DemoAddress(new Uri(url), "/api/cortex/backend", url, issuer), NullLoggerFactory.Instance, TimeProvider.System, CancellationToken.None);

    private static async Task<NotesBackend> StartSampleAsync(string kind, string url, string issuer)
    {
        var (program, arguments) = kind switch
        {
            CSharp => ("dotnet", new[] { "run", "notes.cs" }),
            Node => ("node", ["notes.mjs"]),
            Python => (PythonProgram.Path, ["notes.py"]),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such sample."),
        };
        var process = ChildProcess.Start(
            program, arguments, Repository.PathOf("samples", kind),
            [("PORT", new Uri(url).Port.ToString()), ("CORTEX_ISSUER", issuer), ("CORTEX_AUDIENCE", url), .. QuietBuild]);
        try
        {
            await WaitUntilListeningAsync(process, url);
            return new NotesBackend(process, url);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Every sample prints a line with its address once it listens; what comes after is read away.</summary>
    private static async Task WaitUntilListeningAsync(ChildProcess process, string url)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        while (await process.ReadLineAsync(limit.Token) is { } line)
        {
            if (!line.Contains(url, StringComparison.Ordinal))
                continue;
            process.ReadAway();
            return;
        }

        Assert.Fail($"The sample ended before it listened: {process.Error}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
