using Cortex.Foundation.Model;

namespace Cortex.Identity.Callers;

/// <summary><c>identity.billing:</c>, the webhook of a billing system.</summary>
internal sealed class BillingOptions
{
    /// <summary>
    /// The secrets that events may be signed with, each <c>whsec_</c> and 24 to 64 bytes in base64. Several stand side by side while one takes the
    /// place of another. Empty: the webhook is off.
    /// </summary>
    public IReadOnlyList<Secret> Secrets { get; init; } = [];
}
