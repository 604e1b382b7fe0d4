using System.Net.Sockets;
using System.Threading.Channels;
using Cortex.Backends;
using Cortex.Foundation.Configuration;

namespace Cortex.Demo;

/// <summary>
/// Keeps one demo backend running for each configured backend with <c>demo: true</c>, also after a reload. An address that is taken
/// is logged and hurts nothing else: that backend then is whatever answers there.
/// </summary>
internal sealed partial class DemoBackends(
    BackendRegistry registry,
    GatewayAddresses addresses,
    TimeProvider time,
    ILoggerFactory logging) : BackgroundService, IAsyncDisposable
{
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly Dictionary<DemoAddress, DemoServer> _running = [];
    private readonly ILogger _logger = logging.CreateLogger<DemoBackends>();

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        registry.Changed += Notice;
        await ReconcileAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var _ in _changes.Reader.ReadAllAsync(stoppingToken))
                await ReconcileAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            Log.NoLongerFollowing(_logger);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        registry.Changed -= Notice;
        await base.StopAsync(cancellationToken);
        await StopAllAsync();
    }

    /// <summary>Also ends what runs when nobody stopped the host before.</summary>
    public async ValueTask DisposeAsync()
    {
        registry.Changed -= Notice;
        Dispose();
        await StopAllAsync();
    }

    private async Task StopAllAsync()
    {
        foreach (var server in _running.Values)
            await server.DisposeAsync();
        _running.Clear();
    }

    private void Notice() => _changes.Writer.TryWrite(true);

    private async Task ReconcileAsync(CancellationToken cancellationToken)
    {
        var wanted = registry.Current.All
            .Where(backend => backend.Options.Demo)
            .Select(AddressOf)
            .ToHashSet();
        foreach (var gone in _running.Keys.Where(address => !wanted.Contains(address)).ToArray())
        {
            _running.Remove(gone, out var server);
            await server!.DisposeAsync();
            Log.Stopped(_logger, gone.Base);
        }

        foreach (var address in wanted.Where(address => !_running.ContainsKey(address)))
            await StartAsync(address, cancellationToken);
    }

    private DemoAddress AddressOf(BackendDefinition backend)
    {
        var address = backend.Destinations[0];
        return new DemoAddress(address, address.AbsolutePath.TrimEnd('/') + backend.Path, backend.Audience, addresses.IdentityIssuer);
    }

    private async Task StartAsync(DemoAddress address, CancellationToken cancellationToken)
    {
        if (!address.Base.IsLoopback || address.Base.Scheme != Uri.UriSchemeHttp)
        {
            Log.NotLoopback(_logger, address.Base);
            return;
        }

        try
        {
            _running[address] = await DemoServer.StartAsync(address, logging, time, cancellationToken);
            Log.Started(_logger, address.Base, address.Path);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            Log.AddressTaken(_logger, address.Base, exception.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(9000, LogLevel.Information, "Demo backend listens at {Address} (path {Path}).", EventName = "DemoStarted")]
        public static partial void Started(ILogger logger, Uri address, string path);

        [LoggerMessage(9001, LogLevel.Information, "Demo backend at {Address} stopped.", EventName = "DemoStopped")]
        public static partial void Stopped(ILogger logger, Uri address);

        [LoggerMessage(9002, LogLevel.Warning, "Demo backend cannot listen at {Address}: {Reason} Choose a free loopback port in its 'url'.", EventName = "DemoAddressTaken")]
        public static partial void AddressTaken(ILogger logger, Uri address, string reason);

        [LoggerMessage(9004, LogLevel.Debug, "Demo backends no longer follow the configuration.", EventName = "DemoEnds")]
        public static partial void NoLongerFollowing(ILogger logger);

        [LoggerMessage(9003, LogLevel.Warning, "Demo backend does not start at {Address}: its 'url' must be http on loopback, such as http://127.0.0.1:4820.", EventName = "DemoNotLoopback")]
        public static partial void NotLoopback(ILogger logger, Uri address);
    }
}
