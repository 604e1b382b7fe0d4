using System.Threading.Channels;
using Cortex.Backends;
using Yarp.ReverseProxy;

namespace Cortex.Sessions.Upstream;

/// <summary>
/// Ends sessions at their servers with DELETE, behind the reply that gave the occasion and while its credential is good. What can't be ended
/// (queue full, server silent, gateway stopping) expires at the server.
/// </summary>
internal sealed partial class UpstreamClosings(IProxyStateLookup proxy, UpstreamDestinations destinations, ILogger<UpstreamClosings> logger) : BackgroundService
{
    private const int MaxWaiting = 1024;
    private const int AtOnce = 4;
    private const long MaxAnswerBytes = 64 * 1024;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    private readonly Channel<Closing> _waiting = Channel.CreateBounded<Closing>(MaxWaiting);

    /// <summary>Has the session ended soon. One without an id needs no end.</summary>
    public void Add(BackendDefinition backend, UpstreamSession session, IReadOnlyList<KeyValuePair<string, string>> credential)
    {
        if (session.SessionId is not null && !_waiting.Writer.TryWrite(new Closing(backend, session, credential)))
            Log.Full(logger, backend.Id.Value);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Parallel.ForEachAsync(
        _waiting.Reader.ReadAllAsync(stoppingToken),
        new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stoppingToken },
        async (closing, cancellationToken) => await CloseAsync(closing, cancellationToken));

    private async Task CloseAsync(Closing closing, CancellationToken cancellationToken)
    {
        var (backend, session, credential) = closing;
        if (!destinations.IsConfigured(backend, session))
            return;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Deadline);
        using var http = new HttpClient(new ClusterHandler(proxy, backend.Id.Value, MaxAnswerBytes, session.Destination));
        try
        {
            using var request = UpstreamHttp.Delete(backend, session, credential);
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            Log.Closed(logger, backend.Id.Value, (int)answer.StatusCode);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            Log.NotClosed(logger, backend.Id.Value, exception.GetType().Name);
        }
    }

    /// <summary>A session to end, and the credential for it.</summary>
    private sealed record Closing(BackendDefinition Backend, UpstreamSession Session, IReadOnlyList<KeyValuePair<string, string>> Credential);

    private static partial class Log
    {
        [LoggerMessage(3401, LogLevel.Debug, "Backend {Backend} answered {Status} to the end of a session", EventName = "upstream.session.closed")]
        public static partial void Closed(ILogger logger, string backend, int status);

        [LoggerMessage(3402, LogLevel.Debug, "A session at backend {Backend} could not be ended ({Failure}); it expires there", EventName = "upstream.session.left")]
        public static partial void NotClosed(ILogger logger, string backend, string failure);

        [LoggerMessage(3403, LogLevel.Information, "Too many sessions wait for their end; one at backend {Backend} is left to expire there", EventName = "upstream.closings.full")]
        public static partial void Full(ILogger logger, string backend);
    }
}
