using System.Buffers;
using System.Net.Http.Headers;
using Cortex.Foundation.Outbound;
using Yarp.ReverseProxy;

namespace Cortex.Backends.Contract;

/// <summary>Calls contract backends for the gateway itself, outside the forwarding of clients' calls: one bounded reply within one deadline. Thread-safe.</summary>
internal sealed class ContractClient(IProxyStateLookup proxy)
{
    /// <summary>Calls a method of the contract.</summary>
    /// <param name="backend">Whom.</param>
    /// <param name="credential">The headers that say who asks.</param>
    /// <param name="method">The method.</param>
    /// <param name="parameters">A JSON object; empty for none.</param>
    /// <param name="patience">Longest wait for the whole reply.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<ContractOutcome> CallAsync(
        BackendDefinition backend,
        IReadOnlyList<KeyValuePair<string, string>> credential,
        string method,
        ReadOnlyMemory<byte> parameters,
        TimeSpan patience,
        CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(patience);
        using var http = new HttpClient(new ClusterHandler(proxy, backend.Id.Value, backend.Options.MaxReplyBytes + 1L));
        using var request = Request(backend, credential, method, parameters);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            return await response.Content.ReadBoundedAsync(backend.Options.MaxReplyBytes, deadline.Token) is { } body
                ? ContractReply.Read((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, body)
                : new ContractOutcome.Oversized(backend.Options.MaxReplyBytes);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return new ContractOutcome.Unreachable();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ContractOutcome.TimedOut(patience);
        }
    }

    /// <summary>The request of a call, under a host that <see cref="ClusterHandler"/> replaces.</summary>
    public static HttpRequestMessage Request(
        BackendDefinition backend, IReadOnlyList<KeyValuePair<string, string>> credential, string method, ReadOnlyMemory<byte> parameters)
    {
        var body = new ArrayBufferWriter<byte>();
        ContractRequest.Write(body, method, parameters.Span);
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"http://{backend.Id}.invalid{backend.Path}"))
        {
            Content = new ReadOnlyMemoryContent(body.WrittenMemory),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Accept.ParseAdd("application/json");
        foreach (var (name, value) in credential)
            request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }
}
