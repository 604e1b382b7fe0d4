namespace Cortex.Backends.Discovery;

/// <summary>
/// Reads answers to their end before the client does, except watches that are under way: the client reads bodies without regard to a token, so that
/// a server that sends headers and then nothing would hold it for ever.
/// </summary>
internal sealed class WholeAnswers : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = await base.SendAsync(request, cancellationToken);
        if (answer.IsSuccessStatusCode && IsWatch(request))
            return answer;
        var isWhole = false;
        try
        {
            await answer.Content.LoadIntoBufferAsync(cancellationToken);
            isWhole = true;
            return answer;
        }
        finally
        {
            if (!isWhole)
                answer.Dispose();
        }
    }

    private static bool IsWatch(HttpRequestMessage request) => request.RequestUri?.Query.Contains("watch=true", StringComparison.Ordinal) is true;
}
