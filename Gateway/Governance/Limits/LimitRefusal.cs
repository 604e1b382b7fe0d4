namespace Cortex.Governance.Limits;

/// <summary>Set on <see cref="HttpContext.Features"/> of a request that was over a limit, for the record about it.</summary>
/// <param name="Limit">Name of the limit.</param>
internal sealed record LimitRefusal(string Limit)
{
    /// <summary>What the record says.</summary>
    public string Detail => $"over the limit {Limit}";

    /// <summary>Sets status and <c>Retry-After</c>; the body is the caller's to write.</summary>
    public static void Refuse(HttpContext context, LimitDecision.Refused refused)
    {
        context.Features.Set(new LimitRefusal(refused.Limit));
        context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        context.Response.Headers.RetryAfter = refused.RetryAfterSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
