using System.Buffers;
using System.Net.Http.Headers;
using System.Text;
using Cortex.Backends.Contract;
using Cortex.Foundation.Outbound;

namespace Cortex.Cli.BackendTest.Wire;

/// <summary>Sends requests to the backend as the gateway does: no redirect is followed, no cookie kept, the reply bounded in size and time.</summary>
internal sealed class BackendProbe : IDisposable
{
    private readonly HttpClient _http;
    private readonly Uri _endpoint;
    private readonly TimeSpan _timeout;
    private readonly int _maxReplyBytes;
    private readonly TimeProvider _time;

    /// <param name="endpoint">The whole address.</param>
    /// <param name="timeout">Longest wait for a whole reply.</param>
    /// <param name="maxReplyBytes">Largest reply that is read.</param>
    /// <param name="time">The clock.</param>
    public BackendProbe(Uri endpoint, TimeSpan timeout, int maxReplyBytes, TimeProvider time)
    {
        (_endpoint, _timeout, _maxReplyBytes, _time) = (endpoint, timeout, maxReplyBytes, time);
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>What was remarkable about the replies, whatever they answered.</summary>
    public WireObservations Observations { get; } = new();

    /// <summary>Calls a method.</summary>
    /// <param name="caller">As whom.</param>
    /// <param name="method">The method.</param>
    /// <param name="parameters">A JSON object; empty for none.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<ProbeReply> CallAsync(ProbeCaller caller, string method, string parameters, CancellationToken cancellationToken)
    {
        var body = new ArrayBufferWriter<byte>();
        ContractRequest.Write(body, method, Encoding.UTF8.GetBytes(parameters));
        return PostAsync(caller, method, body.WrittenMemory, cancellationToken);
    }

    /// <summary>Posts any body.</summary>
    /// <param name="label">What the request is called in <see cref="Observations"/>.</param>
    public Task<ProbeReply> PostAsync(ProbeCaller caller, string label, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, _endpoint) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return SendAsync(request, caller, label, cancellationToken);
    }

    /// <summary>Sends a request without a body.</summary>
    public Task<ProbeReply> GetAsync(ProbeCaller caller, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, _endpoint), caller, "GET", cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<ProbeReply> SendAsync(HttpRequestMessage request, ProbeCaller caller, string label, CancellationToken cancellationToken)
    {
        using var sent = request;
        request.Headers.Accept.ParseAdd("application/json");
        if (caller.Bearer is not null)
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {caller.Bearer}");
        foreach (var (name, value) in caller.Headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(_timeout);
        var start = _time.GetTimestamp();
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            if (await response.Content.ReadBoundedAsync(_maxReplyBytes, deadline.Token) is not { } body)
                return new ProbeReply.Failed($"the reply is larger than {_maxReplyBytes} bytes", "Answer less, or give the backend a larger maxReplyBytes in the gateway's configuration");
            var answer = new ProbeReply.Answered(
                (int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, response.Headers.Location?.OriginalString, body, _time.GetElapsedTime(start));
            Observations.Add(label, caller, answer);
            return answer;
        }
        catch (HttpRequestException exception)
        {
            return ConnectionFault.Of(exception, _endpoint);
        }
        catch (IOException exception)
        {
            return new ProbeReply.Failed($"the connection broke while the reply was read ({exception.Message})", "Look in the backend's log for what ended the reply");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ProbeReply.Failed($"no whole reply came within {_timeout.TotalSeconds:0.#} s", "Answer sooner, or give the backend a longer timeout in the gateway's configuration and here by --timeout");
        }
    }
}
