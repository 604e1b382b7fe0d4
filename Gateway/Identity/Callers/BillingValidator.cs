using Cortex.Foundation.Configuration;
using Cortex.Foundation.Webhooks;

namespace Cortex.Identity.Callers;

/// <summary>Checks <see cref="BillingOptions"/>.</summary>
internal static class BillingValidator
{
    public static void Validate(BillingOptions billing, SectionValidation validation)
    {
        for (var i = 0; i < billing.Secrets.Count; i++)
        {
            if (!StandardWebhook.IsSecret(billing.Secrets[i]))
                validation.Error($"identity.billing.secrets[{i}]", "this is no webhook secret", "write whsec_ and 24 to 64 random bytes in base64, as the billing system shows it");
        }
    }
}
