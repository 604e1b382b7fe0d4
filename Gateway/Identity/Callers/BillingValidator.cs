using Cortex.Foundation.Configuration;

namespace Cortex.Identity.Callers;

/// <summary>Checks <see cref="BillingOptions"/>.</summary>
internal static class BillingValidator
{
    public static void Validate(BillingOptions billing, SectionValidation validation)
    {
        for (var i = 0; i < billing.Secrets.Count; i++)
        {
            if (WebhookSecret.TryRead(billing.Secrets[i]) is null)
                validation.Error($"identity.billing.secrets[{i}]", "this is no webhook secret", "write whsec_ and 24 to 64 random bytes in base64, as the billing system shows it");
        }
    }
}
