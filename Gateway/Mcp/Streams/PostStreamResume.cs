using Cortex.Foundation.Model;
using Cortex.Sessions;

namespace Cortex.Mcp.Streams;

/// <summary>Resumes the stream of a call whose client lost its connection. No call outlives its client's connection yet, so that there is none to resume.</summary>
internal sealed partial class PostStreamResume(ILogger<PostStreamResume> logger)
{
    /// <summary>Goes on behind the event named; false when there is no such stream any more.</summary>
    public Task<bool> TryResumeAsync(HttpContext context, Caller caller, ClientSession session, string lastEventId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _ = (context, caller, session, lastEventId);
        Log.Gone(logger);
        return Task.FromResult(false);
    }

    private static partial class Log
    {
        [LoggerMessage(5221, LogLevel.Debug, "A client came back for a stream that is gone.")]
        public static partial void Gone(ILogger logger);
    }
}
