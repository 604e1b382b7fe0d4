using System.IO.Pipelines;
using System.Text.Json;
using Cortex.Cli.Stdio;
using Cortex.Cli.Stdio.Connection;
using Cortex.Cli.Stdio.SignIn;
using Microsoft.Extensions.Logging.Abstractions;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Cortex.Tests.Cli.Stdio;

/// <summary>The bridge in this process, between pipes: what a client would write and read.</summary>
internal sealed class BridgeRun : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Pipe _input = new();
    private readonly Pipe _output = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("cortex-bridge-").FullName;
    private readonly GatewayTransports _transports;
    private readonly StdioBridge _bridge;
    private readonly StreamReader _lines;
    private readonly CancellationTokenSource _stopping = new();

    private BridgeRun(StdioOptions options)
    {
        _transports = new GatewayTransports(options, new SignInFile(options.Endpoint, _folder, TimeProvider.System), TextWriter.Null, TimeProvider.System, NullLoggerFactory.Instance);
        _bridge = new StdioBridge(_transports, _input.Reader.AsStream(), _output.Writer.AsStream(), TimeProvider.System, NullLogger.Instance);
        _lines = new StreamReader(_output.Reader.AsStream());
        Ended = _bridge.RunAsync(_stopping.Token);
    }

    /// <summary>Ends with the bridge.</summary>
    public Task Ended { get; }

    /// <summary>For a client of the SDK; not together with lines by hand.</summary>
    public IClientTransport Transport => new StreamClientTransport(_input.Writer.AsStream(), _output.Reader.AsStream());

    public static BridgeRun Start(string url, string? token) => new(new StdioOptions
    {
        Endpoint = new Uri(url),
        Token = token is null ? null : new FixedToken("The token of the test", null, token),
    });

    /// <summary>Writes a line.</summary>
    public async Task WriteAsync(string line) => await _input.Writer.WriteAsync(System.Text.Encoding.UTF8.GetBytes(line + "\n"));

    /// <summary>Reads a line.</summary>
    public async Task<JsonElement> ReadAsync() => JsonSerializer.Deserialize<JsonElement>(
        await _lines.ReadLineAsync().WaitAsync(Patience) ?? throw new EndOfStreamException("The bridge has ended."));

    /// <summary>Writes a line and reads the next.</summary>
    public async Task<JsonElement> AskAsync(string line)
    {
        await WriteAsync(line);
        return await ReadAsync();
    }

    /// <summary>Closes the input, as a client does that leaves.</summary>
    public Task CloseAsync() => _input.Writer.CompleteAsync().AsTask();

    /// <summary>Stops the bridge, as a signal does.</summary>
    public Task StopAsync() => _stopping.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Ended.WaitAsync(Patience);
        await _bridge.DisposeAsync();
        await _transports.DisposeAsync();
        _stopping.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
