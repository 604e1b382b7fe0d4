using Cortex.Foundation.Model;

namespace Cortex.Identity.Entitlements;

/// <summary>Access to the caller of a request.</summary>
internal static class CallerAccess
{
    /// <summary>The authenticated caller; throws on a request that passed no authorization.</summary>
    public static Caller GetCaller(this HttpContext context) => context.Features.Get<CallerFeature>()?.Caller
        ?? throw new InvalidOperationException($"No caller is known at '{context.Request.Path}': the endpoint lacks the policy of callers.");
}
