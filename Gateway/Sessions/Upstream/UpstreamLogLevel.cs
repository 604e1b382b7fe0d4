using System.Net;
using System.Text;
using Cortex.Backends;
using Yarp.ReverseProxy;

namespace Cortex.Sessions.Upstream;

/// <summary>
/// Tells a legacy server which log messages to send, by <c>logging/setLevel</c> on the caller's session. The session serves all of the caller's
/// own sessions, so the most talkative level any of them asked for stays; each gets its share when messages are relayed.
/// </summary>
internal sealed partial class UpstreamLogLevel(UpstreamSessionStore store, IProxyStateLookup proxy, ILogger<UpstreamLogLevel> logger)
{
    private const long MaxAnswerBytes = 64 * 1024;

    /// <summary>True when the server takes levels and was told none, or a graver one.</summary>
    public static bool MustTell(UpstreamSession session, McpLogLevel wanted) => session.Logs && (session.Level is not { } told || wanted < told);

    /// <summary>
    /// Tells the server, then notes it. When another told it something meanwhile, nobody knows which message the server read last: the more
    /// talkative one is told once more. A failure costs log messages, never the call.
    /// </summary>
    public async ValueTask TellAsync(
        string key,
        UpstreamSession session,
        McpLogLevel wanted,
        BackendDefinition backend,
        IReadOnlyList<KeyValuePair<string, string>> credential,
        CancellationToken cancellationToken)
    {
        var seen = await store.FindAsync(key, cancellationToken);
        while (seen?.Session is { } current && current.IsSame(session))
        {
            if (current.Level < wanted)
                wanted = current.Level.Value;
            if (!await TrySendAsync(current, wanted, backend, credential, cancellationToken)
                || await store.TryWriteAsync(key, seen, current with { Level = wanted }, cancellationToken) is not null)
                return;
            seen = await store.FindAsync(key, cancellationToken);
        }
    }

    /// <summary>True when the server answered, be it with an error: asking again would not change that.</summary>
    private async Task<bool> TrySendAsync(
        UpstreamSession session, McpLogLevel level, BackendDefinition backend, IReadOnlyList<KeyValuePair<string, string>> credential, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(backend.Options.Timeout);
        using var http = new HttpClient(new ClusterHandler(proxy, backend.Id.Value, MaxAnswerBytes, session.Destination));
        var id = $"cortex-level-{Guid.NewGuid():N}";
        var body = $$$"""{"jsonrpc":"2.0","id":"{{{id}}}","method":"logging/setLevel","params":{"level":"{{{LogLevels.Format(level)}}}"}}""";
        try
        {
            using var request = UpstreamHttp.Post(backend, session, credential, Encoding.UTF8.GetBytes(body));
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            if (answer.StatusCode == HttpStatusCode.NotFound)
                return false;
            await UpstreamHttp.ReadAnswerAsync(answer, id, deadline.Token);
            return true;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            Log.NotTold(logger, backend.Id.Value, exception.GetType().Name);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3400, LogLevel.Debug, "Backend {Backend} could not be told a log level ({Failure})", EventName = "upstream.level.failed")]
        public static partial void NotTold(ILogger logger, string backend, string failure);
    }
}
