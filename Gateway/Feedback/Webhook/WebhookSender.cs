using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Cortex.Foundation.Outbound;
using Cortex.Foundation.Webhooks;

namespace Cortex.Feedback.Webhook;

/// <summary>Posts an event to the operator's address, signed for this attempt. What the receiver answers is read no further than its status.</summary>
internal sealed class WebhookSender(GuardedHttpClients clients, TimeProvider time)
{
    public async Task<WebhookOutcome> SendAsync(WebhookDelivery delivery, TicketWebhookOptions options, CancellationToken cancellationToken)
    {
        if (options is not { Url: { } url, Secret: { } secret })
            return new WebhookOutcome.Failed("No webhook is configured.", null, IsFinal: false);
        var now = time.GetUtcNow();
        var body = Encoding.UTF8.GetBytes(delivery.Body);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(url)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add(StandardWebhook.IdHeader, delivery.Id);
        request.Headers.Add(StandardWebhook.TimestampHeader, now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation(StandardWebhook.SignatureHeader, StandardWebhook.Sign(secret, delivery.Id, now, body));
        using var deadline = new CancellationTokenSource(options.Timeout, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            using var response = await clients.For(TicketsSection.TrustOf(options)).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ended.Token);
            return response.IsSuccessStatusCode
                ? new WebhookOutcome.Delivered()
                : new WebhookOutcome.Failed($"The receiver answered {(int)response.StatusCode}.", RetryAfter(response, now), response.StatusCode == HttpStatusCode.Gone);
        }
        catch (HttpRequestException exception)
        {
            return new WebhookOutcome.Failed($"The receiver can't be reached ({exception.HttpRequestError}).", null, IsFinal: false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new WebhookOutcome.Failed($"The receiver did not answer within {options.Timeout.TotalSeconds:0.#} s.", null, IsFinal: false);
        }
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response, DateTimeOffset now) => response.Headers.RetryAfter switch
    {
        { Delta: { } wait } => wait,
        { Date: { } date } => date - now,
        _ => null,
    };
}

/// <summary>What became of an attempt.</summary>
internal abstract record WebhookOutcome
{
    private WebhookOutcome()
    {
    }

    /// <summary>A status of success.</summary>
    internal sealed record Delivered : WebhookOutcome;

    /// <summary>Anything else.</summary>
    /// <param name="Reason">One sentence; holds neither address nor secret.</param>
    /// <param name="RetryAfter">How long the receiver wants to be left alone; null when it does not say.</param>
    /// <param name="IsFinal">410: the receiver wants no more.</param>
    internal sealed record Failed(string Reason, TimeSpan? RetryAfter, bool IsFinal) : WebhookOutcome;
}
