using System.Globalization;
using Cortex.Foundation.Webhooks;
using Cortex.Governance.Audit;
using Cortex.Governance.Limits;
using Cortex.Identity.Callers;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Cortex.Console.Billing;

/// <summary>
/// <c>POST /api/billing/events</c>: (1) within <c>limits.billingEvents</c>, (2) a body of <see cref="MaxBodyBytes"/> at most, (3) a timely timestamp,
/// (4) a signature by one of <c>identity.billing.secrets</c>, (5) the event. 200 once the event is on record, also for one that was before; anything
/// else is for the sender to show and to send again. Each event is recorded.
/// </summary>
internal static class BillingEndpoint
{
    private const string Path = "/api/billing/events";
    private const int MaxBodyBytes = 64 * 1024;
    private const int MaxIdLength = 200;

    internal static void AddBilling(this WebApplicationBuilder builder) => builder.Services.AddSingleton<BillingEvents>();

    internal static void MapBilling(this WebApplication app) => app.MapPost(Path, HandleAsync)
        .AllowAnonymous()
        .WithMetadata(new RequestSizeLimitAttribute(MaxBodyBytes))
        .ExcludeFromDescription();

    private static async Task<IResult> HandleAsync(
        HttpContext http, BillingEvents events, AuditLog audit, RateLimiter limiter, IOptionsMonitor<LimitsOptions> limits, IOptionsMonitor<IdentityOptions> identity, TimeProvider time)
    {
        var limit = LimitRule.Per("billingEvents.address", limits.CurrentValue.BillingEvents.AddressPerMinute, TimeSpan.FromMinutes(1));
        if (await limiter.TakeAsync(limit, ClientAddress.Of(http).Address, http.RequestAborted) is LimitDecision.Refused refused)
        {
            LimitRefusal.Refuse(http, refused);
            return Refuse(audit, StatusCodes.Status429TooManyRequests, "Too many events; wait for as long as Retry-After says, then send it again.");
        }

        var secrets = identity.CurrentValue.Billing.Secrets;
        if (secrets.Count == 0)
            return Refuse(audit, StatusCodes.Status404NotFound, "The billing webhook is off: identity.billing.secrets is empty.");
        if (await ReadBodyAsync(http.Request, http.RequestAborted) is not { } body)
            return Refuse(audit, StatusCodes.Status413PayloadTooLarge, $"The body is larger than {MaxBodyBytes} bytes.");
        var headers = http.Request.Headers;
        var (id, timestamp) = (headers[StandardWebhook.IdHeader].ToString(), headers[StandardWebhook.TimestampHeader].ToString());
        if (id.Length is 0 or > MaxIdLength)
            return Refuse(audit, StatusCodes.Status401Unauthorized, "webhook-id is missing or too long.");
        if (!secrets.Any(secret => StandardWebhook.Verify(secret, id, timestamp, headers[StandardWebhook.SignatureHeader], body, time.GetUtcNow())))
            return Refuse(audit, StatusCodes.Status401Unauthorized, "webhook-timestamp is missing or too far from now, or webhook-signature is missing or by none of the secrets.");

        var sentAt = DateTimeOffset.FromUnixTimeSeconds(long.Parse(timestamp, CultureInfo.InvariantCulture));
        switch (await events.TakeAsync(id, sentAt, body, http.RequestAborted))
        {
            case BillingResult.Done(var outcome):
                Record(audit, "ok", StatusCodes.Status200OK, outcome);
                return TypedResults.Ok();
            case BillingResult.Refused(var status, var problem):
                return Refuse(audit, status, problem);
            default:
                throw new InvalidOperationException("An event ended in no known way.");
        }
    }

    /// <summary>The whole body; null when it is too large.</summary>
    private static async Task<byte[]?> ReadBodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body, cancellationToken);
            return body.ToArray();
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return null;
        }
    }

    private static ProblemHttpResult Refuse(AuditLog audit, int status, string problem)
    {
        Record(audit, "denied", status, problem);
        return TypedResults.Problem(problem, statusCode: status);
    }

    private static void Record(AuditLog audit, string outcome, int status, string detail) =>
        audit.Record(new AuditRecord { Event = "billing.event", Outcome = outcome, Status = status, Detail = detail });
}
