using System.Buffers;
using System.Net.Http.Headers;
using Cortex.Backends;
using Cortex.Backends.Contract;
using Cortex.Foundation.Model;
using Cortex.Foundation.Outbound;
using Cortex.Identity.Credentials;
using Yarp.ReverseProxy;

namespace Cortex.Feedback.Handover;

/// <summary>Calls a backend's ticket methods as the caller, with the credential that is theirs at this backend. Thread-safe.</summary>
internal sealed class BackendTickets(IProxyStateLookup proxy, CredentialResolver credentials, TimeProvider time)
{
    /// <summary>The outcome in the terms of the contract. Never throws for what the backend does.</summary>
    /// <param name="parameters">A JSON object.</param>
    /// <param name="timeout">Longest wait for the whole call.</param>
    public async Task<ContractOutcome> CallAsync(
        Caller caller, BackendDefinition backend, string method, ReadOnlyMemory<byte> parameters, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (await credentials.ResolveAsync(caller, backend, request: null, cancellationToken) is not CredentialResult.Granted granted)
            return new ContractOutcome.NotAuthenticated("there is no credential for this caller");
        using var deadline = new CancellationTokenSource(timeout, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        using var handler = new ClusterHandler(proxy, backend.Id.Value, backend.Options.MaxReplyBytes);
        using var http = new HttpMessageInvoker(handler);
        using var request = Request(backend, method, parameters, granted);
        try
        {
            using var response = await http.SendAsync(request, ended.Token);
            return await response.Content.ReadBoundedAsync(backend.Options.MaxReplyBytes, ended.Token) is { } body
                ? ContractReply.Read((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, body)
                : new ContractOutcome.Oversized(backend.Options.MaxReplyBytes);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return new ContractOutcome.Unreachable();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ContractOutcome.TimedOut(timeout);
        }
    }

    private static HttpRequestMessage Request(BackendDefinition backend, string method, ReadOnlyMemory<byte> parameters, CredentialResult.Granted granted)
    {
        var body = new ArrayBufferWriter<byte>();
        ContractRequest.Write(body, method, parameters.Span);
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"http://{backend.Id}.invalid{backend.Path}")) { Content = new ByteArrayContent(body.WrittenSpan.ToArray()) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Accept.ParseAdd("application/json");
        foreach (var (name, value) in granted.Headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }
}
