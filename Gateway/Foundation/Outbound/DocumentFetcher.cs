using System.Net;

namespace Cortex.Foundation.Outbound;

/// <summary>Fetches small documents (metadata, key sets) under the address policy, with a deadline and a size cap; redirects are refused. Thread-safe.</summary>
internal sealed class DocumentFetcher(GuardedHttpClients clients, TimeProvider time)
{
    /// <summary>Longest wait for the whole document.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <summary>GETs <paramref name="address"/> as JSON, within <see cref="Deadline"/>.</summary>
    public Task<FetchResult> FetchAsync(Uri address, OutboundTrust trust, int maxBytes, CancellationToken cancellationToken) =>
        FetchAsync(address, trust, maxBytes, Deadline, cancellationToken);

    /// <summary>GETs <paramref name="address"/> as JSON, within a time of the caller's choice.</summary>
    public async Task<FetchResult> FetchAsync(Uri address, OutboundTrust trust, int maxBytes, TimeSpan within, CancellationToken cancellationToken)
    {
        var name = address.GetLeftPart(UriPartial.Path);
        using var deadline = new CancellationTokenSource(within, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Accept.ParseAdd("application/json");
            using var response = await clients.For(trust).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (response.StatusCode != HttpStatusCode.OK)
                return new FetchResult.Failed($"{name} answered {(int)response.StatusCode}", IsAnswer: (int)response.StatusCode is >= 300 and < 500 and not 408 and not 429);
            return await response.Content.ReadBoundedAsync(maxBytes, either.Token) is { } body
                ? new FetchResult.Received(body, Freshness.Of(response, time.GetUtcNow()), response.Content.Headers.ContentType?.MediaType)
                : new FetchResult.Failed($"{name} answered more than {maxBytes} bytes", IsAnswer: true);
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
            return new FetchResult.Failed($"{name} did not answer within {within.TotalSeconds:0} s");
        }
    }
}
