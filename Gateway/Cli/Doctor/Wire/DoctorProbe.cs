using System.Net.Http.Headers;
using Cortex.Cli.Findings;
using Cortex.Foundation.Outbound;

namespace Cortex.Cli.Doctor.Wire;

/// <summary>Sends requests as a client does that shows what happens: no redirect is followed, no cookie kept, the reply bounded in size and time.</summary>
internal sealed class DoctorProbe(CertificateTrust trust, TimeSpan timeout, TimeProvider time) : IDisposable
{
    private const int MaxReplyBytes = 4 * 1024 * 1024;

    private readonly HttpClient _http = new(Handler(trust)) { Timeout = Timeout.InfiniteTimeSpan };

    public static string UserAgent => "cortex-doctor";

    /// <summary>Fetches a document.</summary>
    /// <param name="address">Its address.</param>
    /// <param name="origin">The page that asks for it; null for none.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task<ProbeReply> GetAsync(Uri address, string? origin, CancellationToken cancellationToken) => SendAsync(
        () =>
        {
            var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            if (origin is not null)
                request.Headers.TryAddWithoutValidation("Origin", origin);
            return request;
        },
        cancellationToken);

    /// <summary>Sends a request and reads the whole answer.</summary>
    public async Task<ProbeReply> SendAsync(Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(timeout);
        using var request = make();
        var place = request.RequestUri!.GetLeftPart(UriPartial.Authority);
        var asked = time.GetUtcNow();
        try
        {
            using var response = await OpenAsync(request, deadline.Token);
            var came = time.GetUtcNow();
            return await response.Content.ReadBoundedAsync(MaxReplyBytes, deadline.Token) is { } body
                ? new ProbeReply.Answered((int)response.StatusCode, response.Headers, response.Content.Headers.ContentType?.MediaType, body, asked, came, response.Version)
                : new ProbeReply.Failed($"the reply is larger than {MaxReplyBytes} bytes");
        }
        catch (HttpRequestException exception)
        {
            return new ProbeReply.Failed($"{place} can't be asked ({ConnectionReason.Of(exception)})");
        }
        catch (IOException exception)
        {
            return new ProbeReply.Failed($"the connection to {place} broke while the reply was read ({exception.Message.TrimEnd('.')})");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ProbeReply.Failed($"no whole reply came from {place} within {timeout.TotalSeconds:0.#} s");
        }
    }

    /// <summary>Sends a request; gives the answer as soon as its head is there.</summary>
    public Task<HttpResponseMessage> OpenAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.UserAgent.ParseAdd(UserAgent);
        return _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private static SocketsHttpHandler Handler(CertificateTrust trust) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        // A connection for each request: one that the other side closes meanwhile would be taken for a fault of the next.
        PooledConnectionLifetime = TimeSpan.Zero,
        SslOptions = { RemoteCertificateValidationCallback = (_, certificate, chain, errors) => trust.Accepts(certificate, chain, errors) },
    };
}
