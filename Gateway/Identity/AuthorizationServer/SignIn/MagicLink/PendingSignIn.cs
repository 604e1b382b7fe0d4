namespace Cortex.Identity.AuthorizationServer.SignIn.MagicLink;

/// <summary>What a magic link stands for.</summary>
/// <param name="Email">Who signs in by it.</param>
/// <param name="Return">Where they go then.</param>
internal sealed record PendingSignIn(EmailAddress Email, ReturnUrl Return)
{
    /// <summary>Address and path, with a line break between them, which neither can hold.</summary>
    public string Write() => $"{Email.Value}\n{Return.Path}";

    /// <summary>Reads what <see cref="Write"/> made; null for anything else.</summary>
    public static PendingSignIn? TryRead(string text) =>
        text.Split('\n') is [var email, var path] && EmailAddress.TryParse(email, out var address)
            ? new PendingSignIn(address, ReturnUrl.ParseOrDefault(path))
            : null;
}
