using Cortex.Foundation.Pages;
using Cortex.Governance.Audit;
using Cortex.Identity.Callers;

namespace Cortex.Identity.AuthorizationServer.SignIn.Oidc;

/// <summary>Tells whoever could not sign in by a provider, and the audit log.</summary>
internal sealed partial class ProviderNotices(AuditLog audit, TimeProvider time, ILogger<ProviderNotices> logger)
{
    /// <summary>Shows that the sign-in failed.</summary>
    /// <param name="context">The request; its answer is written.</param>
    /// <param name="name">Name of the provider.</param>
    /// <param name="provider">The provider.</param>
    /// <param name="reason">For operators.</param>
    /// <param name="words">For the person; null: that it failed.</param>
    public Task ShowAsync(HttpContext context, string name, ProviderOptions provider, string reason, string? words)
    {
        Log.Failed(logger, name, AuditText.Clean(reason, AuditText.MaxDetail) ?? "");
        audit.Record(new AuditRecord { Event = "auth.sign_in", Outcome = "denied", Time = time.GetUtcNow(), Detail = $"provider {name}: {reason}" });
        return Page.Show<NoticePage>(
            context,
            new Dictionary<string, object?>
            {
                [nameof(NoticePage.Title)] = $"Signing in with {provider.DisplayName ?? name} failed",
                [nameof(NoticePage.Text)] = $"{words ?? "Its answer does not count: it may be old, or meant for another window."} You are not signed in by it. Go back to where you came from and try once more.",
            },
            StatusCodes.Status400BadRequest).ExecuteAsync(context);
    }

    /// <summary>Shows that the provider can't be reached, or describes itself wrongly.</summary>
    /// <param name="context">The request.</param>
    /// <param name="provider">The provider.</param>
    /// <param name="returnUrl">Where the person wanted to go, for the other ways to sign in.</param>
    /// <param name="exception">What went wrong, if anything did.</param>
    /// <param name="reason">For operators.</param>
    public IResult ShowUnreachable(HttpContext context, SignInProvider provider, ReturnUrl returnUrl, Exception? exception, string reason)
    {
        Log.Unreachable(logger, provider.Name, reason, exception);
        audit.Record(new AuditRecord { Event = "auth.sign_in", Outcome = "error", Time = time.GetUtcNow(), Detail = $"provider {provider.Name}: {reason}" });
        return Page.Show<NoticePage>(
            context,
            new Dictionary<string, object?>
            {
                [nameof(NoticePage.Title)] = $"{provider.Options.DisplayName ?? provider.Name} can't be reached",
                [nameof(NoticePage.Text)] = "Signing in with it does not work at the moment. Try again in a few minutes; if it stays like this, tell the people who run this gateway.",
                [nameof(NoticePage.Way)] = new WayOn("Back to the sign-in page", returnUrl.SignInPath),
            },
            StatusCodes.Status503ServiceUnavailable);
    }

    private static partial class Log
    {
        [LoggerMessage(4150, LogLevel.Information, "A sign-in by the provider {Provider} failed: {Reason}", EventName = "oidc.failed")]
        public static partial void Failed(ILogger logger, string provider, string reason);

        [LoggerMessage(4151, LogLevel.Error, "Nobody can sign in by the provider {Provider}: {Reason}", EventName = "oidc.unreachable")]
        public static partial void Unreachable(ILogger logger, string provider, string reason, Exception? exception);
    }
}
