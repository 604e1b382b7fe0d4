using Cortex.Foundation.Model;

namespace Cortex.Identity.Callers;

/// <summary>A secret in the form of <see href="https://www.standardwebhooks.com/">Standard Webhooks</see>: <c>whsec_</c> and base64.</summary>
internal static class WebhookSecret
{
    private const string Prefix = "whsec_";
    private const int MinBytes = 24;
    private const int MaxBytes = 64;

    /// <summary>The key's bytes; null when it is malformed.</summary>
    public static byte[]? TryRead(Secret secret)
    {
        var text = secret.Reveal();
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
            return null;
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text[Prefix.Length..], bytes, out var length) && length is >= MinBytes and <= MaxBytes ? bytes[..length] : null;
    }
}
