using Cortex.Backends;
using Yarp.ReverseProxy;

namespace Cortex.Sessions.Upstream;

/// <summary>Sends notifications and answers to a legacy native server in the caller's session, where no reply but 202 is expected.</summary>
internal sealed partial class UpstreamPosts(IProxyStateLookup proxy, ILogger<UpstreamPosts> logger)
{
    private const long MaxReplyBytes = 64 * 1024;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <summary>False when the server did not take it; why is in the log.</summary>
    public async Task<bool> SendAsync(
        BackendDefinition backend,
        UpstreamSession session,
        IReadOnlyList<KeyValuePair<string, string>> credential,
        ReadOnlyMemory<byte> body,
        CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Deadline);
        using var http = new HttpClient(new ClusterHandler(proxy, backend.Id.Value, MaxReplyBytes, session.Destination));
        using var request = UpstreamHttp.Post(backend, session, credential, body);
        try
        {
            using var reply = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            if (reply.IsSuccessStatusCode)
                return true;
            Log.NotTaken(logger, backend.Id.Value, $"HTTP {(int)reply.StatusCode}");
        }
        catch (HttpRequestException exception)
        {
            Log.NotTaken(logger, backend.Id.Value, exception.HttpRequestError.ToString());
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Log.NotTaken(logger, backend.Id.Value, $"no answer within {Deadline.TotalSeconds:0} s");
        }

        return false;
    }

    private static partial class Log
    {
        [LoggerMessage(4110, LogLevel.Warning, "Backend '{Backend}' did not take a message of its client: {Reason}.")]
        public static partial void NotTaken(ILogger logger, string backend, string reason);
    }
}
