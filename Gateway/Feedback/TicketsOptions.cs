using Cortex.Foundation.Model;

namespace Cortex.Feedback;

/// <summary>The root key <c>tickets:</c>: reports of missing capabilities.</summary>
internal sealed class TicketsOptions
{
    /// <summary>Within this time of its last report the same wish of the same caller refreshes their ticket instead of adding one.</summary>
    public TimeSpan DedupeWindow { get; init; } = TimeSpan.FromHours(24);

    /// <summary>
    /// How alike the words of two wishes must be to count as one need, 0.5 to 1; 1 lets only wishes with the same words be one. Numbers, negations and
    /// exchanged words keep wishes apart at any value.
    /// </summary>
    public double Similarity { get; init; } = 0.8;

    /// <summary>Reports an hour of one caller.</summary>
    public Allowance ReportsPerHour { get; init; } = 60;

    /// <summary>Longest wait for one backend's own tickets when a caller lists theirs.</summary>
    public TimeSpan BackendTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Who is told of new blocking tickets.</summary>
    public TicketWebhookOptions Webhook { get; init; } = new();
}

/// <summary><c>tickets.webhook:</c>: signed as Standard Webhooks say.</summary>
internal sealed class TicketWebhookOptions
{
    /// <summary>Where new blocking tickets are posted to; unset: nowhere.</summary>
    public string? Url { get; init; }

    /// <summary>The secret that signs: <c>whsec_</c> and 24 to 64 bytes in base64.</summary>
    public Secret? Secret { get; init; }

    /// <summary>Allows plaintext http to a host that is not loopback.</summary>
    public bool AllowPlaintext { get; init; }

    /// <summary>Longest wait for the receiver's answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Wait before the second attempt; each further one doubles it, up to 6 h.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After this time without success an event goes to the dead letters.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromHours(24);
}
