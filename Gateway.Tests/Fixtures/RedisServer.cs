using System.Globalization;
using System.Net.Sockets;

namespace Cortex.Tests.Fixtures;

/// <summary>
/// A private Redis: temporary folder, free port, loopback only, nothing kept. One serves the whole run; each test takes a logical database
/// and a prefix for its channels. A test that stops and starts the server uses one of its own.
/// </summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private const int LogicalDatabases = 4096;

    private static readonly Lazy<Task<RedisServer>> Running = new(StartAsync);

    private readonly string _folder = Directory.CreateTempSubdirectory("cortex-redis-").FullName;
    private readonly int _port = ServerProcess.FreePort();
    private ServerProcess? _process;
    private int _taken;

    private RedisServer()
    {
    }

    /// <summary>The server of this run; started by the first who asks.</summary>
    public static Task<RedisServer> SharedAsync() => Running.Value;

    public static async Task<RedisServer> StartAsync()
    {
        var server = new RedisServer();
        await server.ResumeAsync();
        return server;
    }

    /// <summary>Stops the server of this run, if anyone asked for it.</summary>
    public static async Task StopSharedAsync()
    {
        if (Running.IsValueCreated && Running.Value.IsCompletedSuccessfully)
        {
            await (await Running.Value).DisposeAsync();
        }
    }

    /// <summary>A connection string (StackExchange.Redis) whose keys and channels no other test sees.</summary>
    public string NextConnectionString()
    {
        var number = Interlocked.Increment(ref _taken);
        return $"127.0.0.1:{_port},defaultDatabase={number},channelPrefix=test{number}:";
    }

    /// <summary>Stops the server; its data is lost, its port stays its own.</summary>
    public async Task PauseAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            await process.StopAsync();
        }
    }

    /// <summary>Starts the server again on the same port.</summary>
    public async Task ResumeAsync()
    {
        var program = ServerProcess.Find("redis-server")
            ?? throw new InvalidOperationException("Redis is not installed: apt-get install redis-server");
        _process = new ServerProcess("TERM", program,
        [
            "--port", _port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", _folder,
            "--save", "", "--appendonly", "no", "--databases", LogicalDatabases.ToString(CultureInfo.InvariantCulture),
        ]);
        await _process.ReadyAsync("Redis", AnswersAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await PauseAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", _port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
