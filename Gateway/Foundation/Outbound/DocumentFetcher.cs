using System.Net;

namespace Cortex.Foundation.Outbound;

/// <summary>Fetches small documents (metadata, key sets) under the address policy, with a deadline and a size cap; redirects are refused. Thread-safe.</summary>
internal sealed class DocumentFetcher(GuardedHttpClients clients, TimeProvider time)
{
    /// <summary>Longest wait for the whole document.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <summary>GETs <paramref name="address"/> as JSON.</summary>
    public async Task<FetchResult> FetchAsync(Uri address, OutboundTrust trust, int maxBytes, CancellationToken cancellationToken)
    {
        var name = address.GetLeftPart(UriPartial.Path);
        using var deadline = new CancellationTokenSource(Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Accept.ParseAdd("application/json");
            using var response = await clients.For(trust).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (response.StatusCode != HttpStatusCode.OK)
                return new FetchResult.Failed($"{name} answered {(int)response.StatusCode}");
            return await response.Content.ReadBoundedAsync(maxBytes, either.Token) is { } body
                ? new FetchResult.Received(body, response.Headers.CacheControl?.MaxAge)
                : new FetchResult.Failed($"{name} answered more than {maxBytes} bytes");
        }
        catch (HttpRequestException exception)
        {
            return new FetchResult.Failed($"{name} could not be read: {exception.Message}");
        }
        catch (IOException exception)
        {
            return new FetchResult.Failed($"{name} broke off: {exception.Message}");
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new FetchResult.Failed($"{name} did not answer within {Deadline.TotalSeconds:0} s");
        }
    }
}
