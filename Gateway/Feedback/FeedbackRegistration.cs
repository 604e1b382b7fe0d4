using Cortex.Feedback.Handover;
using Cortex.Feedback.Triage;
using Cortex.Feedback.Webhook;

namespace Cortex.Feedback;

/// <summary>Registers tickets and needs. Callers are served by <see cref="TicketDesk"/>, operators by what <c>Triage</c> holds.</summary>
internal static class FeedbackRegistration
{
    internal static void AddFeedback(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<FeedbackTransaction>();
        builder.Services.AddSingleton<TicketStore>();
        builder.Services.AddSingleton<TicketIntake>();
        builder.Services.AddSingleton<TicketSources>();
        builder.Services.AddSingleton<TicketDesk>();

        builder.Services.AddSingleton<BackendTickets>();
        builder.Services.AddSingleton<HandoverStore>();
        builder.Services.AddSingleton<HandoverSender>();
        builder.Services.AddSingleton<HandoverWorker>();
        builder.Services.AddHostedService(services => services.GetRequiredService<HandoverWorker>());

        builder.Services.AddSingleton<WebhookOutbox>();
        builder.Services.AddSingleton<WebhookSender>();
        builder.Services.AddSingleton<WebhookWorker>();
        builder.Services.AddHostedService(services => services.GetRequiredService<WebhookWorker>());

        builder.Services.AddSingleton<NeedStore>();
        builder.Services.AddSingleton<TriageDesk>();
        builder.Services.AddSingleton<NeedRegrouping>();
        builder.Services.AddSingleton<RegroupingUndo>();
        builder.Services.AddSingleton<TicketExport>();
        builder.Services.AddSingleton<DeadLetters>();
    }
}
