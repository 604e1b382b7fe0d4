using Cortex.Foundation.Model;

namespace Cortex.Identity.Entitlements;

/// <summary>The authenticated caller of a request, set on <see cref="HttpContext.Features"/> once the token and the plan were checked.</summary>
internal sealed record CallerFeature(Caller Caller);
