using Cortex.Foundation.Model;

namespace Cortex.Identity.Entitlements;

/// <summary>The authenticated caller of a request, set on <see cref="HttpContext.Features"/> once the token and the plan were checked.</summary>
/// <param name="Caller">Who calls; with no scopes at all when shut out.</param>
/// <param name="IsDisabled">True when an operator shut the person out.</param>
internal sealed record CallerFeature(Caller Caller, bool IsDisabled = false);
