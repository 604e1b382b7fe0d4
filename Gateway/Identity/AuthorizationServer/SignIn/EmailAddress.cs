using System.Net.Mail;

namespace Cortex.Identity.AuthorizationServer.SignIn;

/// <summary>An e-mail address as people type it, in one form: trimmed and in lower case, without a display name.</summary>
internal readonly record struct EmailAddress
{
    private const int MaxLength = 254;

    private EmailAddress(string value) => Value = value;

    public string Value { get; }

    /// <summary>Takes a bare address. One with white space or control characters is none: it could end a header of the mail.</summary>
    public static bool TryParse(string? text, out EmailAddress email)
    {
        email = default;
        var plain = text?.Trim().ToLowerInvariant();
        if (plain is not { Length: > 0 and <= MaxLength } || plain.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))
            || !MailAddress.TryCreate(plain, out var address) || address.Address != plain)
            return false;
        email = new EmailAddress(plain);
        return true;
    }

    public override string ToString() => Value;
}
