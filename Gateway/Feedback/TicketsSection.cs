using Cortex.Foundation.Configuration;
using Cortex.Foundation.Outbound;
using Cortex.Foundation.Webhooks;

namespace Cortex.Feedback;

/// <summary>The root key <c>tickets:</c>.</summary>
internal static class TicketsSection
{
    internal static ConfigurationSection Section { get; } = new ConfigurationSection<TicketsOptions>("tickets", Validate);

    private static void Validate(TicketsOptions options, SectionValidation validation)
    {
        CheckTime("tickets.dedupeWindow", options.DedupeWindow, TimeSpan.FromMinutes(1), TimeSpan.FromDays(30), "1m to 30d");
        CheckTime("tickets.backendTimeout", options.BackendTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1), "100ms to 1m");
        CheckTime("tickets.webhook.timeout", options.Webhook.Timeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1), "100ms to 1m");
        CheckTime("tickets.webhook.firstRetry", options.Webhook.FirstRetry, TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1), "10ms to 1h");
        CheckTime("tickets.webhook.giveUpAfter", options.Webhook.GiveUpAfter, TimeSpan.FromSeconds(1), TimeSpan.FromDays(7), "1s to 7d");
        if (options.Similarity is not (>= 0.5 and <= 1))
            validation.Error("tickets.similarity", "the value is out of range", "Write 0.5 to 1");
        CheckWebhook(options.Webhook, validation);

        void CheckTime(string path, TimeSpan value, TimeSpan least, TimeSpan most, string range)
        {
            if (value < least || value > most)
                validation.Error(path, "the time is out of range", $"Write {range}");
        }
    }

    private static void CheckWebhook(TicketWebhookOptions webhook, SectionValidation validation)
    {
        if (webhook.Url is null)
            return;
        string? problem = "the value is not an address";
        if (!Uri.TryCreate(webhook.Url, UriKind.Absolute, out var url) || !AddressPolicy.TryAllow(url, TrustOf(webhook), out problem))
            validation.Error("tickets.webhook.url", problem, "Write an https address, or set allowPlaintext: true for http to another host");
        if (webhook.Secret is null)
            validation.Error("tickets.webhook.secret", "there is no secret to sign with", "Write a reference such as ${env:TICKETS_WEBHOOK_SECRET}");
        else if (!StandardWebhook.IsSecret(webhook.Secret))
            validation.Error("tickets.webhook.secret", "the secret has another form", "Make one with: echo whsec_$(openssl rand -base64 32)");
    }

    internal static OutboundTrust TrustOf(TicketWebhookOptions webhook) =>
        webhook.AllowPlaintext ? OutboundTrust.OperatorPlaintext : OutboundTrust.Operator;
}
