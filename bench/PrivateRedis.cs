using System.Globalization;
using System.Net.Sockets;

namespace Cortex.Bench;

/// <summary>A Redis for one run, on loopback, that keeps nothing; or one that is there already.</summary>
internal sealed class PrivateRedis(string address, ChildProcess? process) : IAsyncDisposable
{
    public string Address => address;

    public static async Task<PrivateRedis> StartAsync(string folder)
    {
        var url = new Uri(ChildProcess.FreeUrl());
        var port = url.Port.ToString(CultureInfo.InvariantCulture);
        var server = await ChildProcess.StartAsync(
            Path.Combine(folder, "redis.log"),
            "redis-server",
            ["--port", port, "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "no"],
            async () =>
            {
                try
                {
                    return await InfoAsync(url.Host, url.Port) > 0;
                }
                catch (SocketException)
                {
                    return false;
                }
            });
        return new PrivateRedis(url.Authority, server);
    }

    /// <summary>Memory in use, as the server itself counts it, in bytes.</summary>
    public Task<double> MemoryAsync()
    {
        var url = new Uri("redis://" + address);
        return InfoAsync(url.Host, url.Port);
    }

    public ValueTask DisposeAsync() => process?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static async Task<double> InfoAsync(string host, int port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(host, port);
        await using var stream = client.GetStream();
        await stream.WriteAsync("INFO memory\r\n"u8.ToArray());
        using var reader = new StreamReader(stream);
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("used_memory:", StringComparison.Ordinal))
                return double.Parse(line[12..], CultureInfo.InvariantCulture);
        }

        return 0;
    }
}
