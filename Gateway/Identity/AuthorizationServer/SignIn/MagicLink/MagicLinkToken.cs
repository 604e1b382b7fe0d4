using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Cortex.Identity.AuthorizationServer.SignIn.MagicLink;

/// <summary>What a magic link holds: 32 random bytes in base64url. Whoever has it can sign in, so that only its hash is kept.</summary>
internal sealed record MagicLinkToken
{
    private const int Size = 32;

    private MagicLinkToken(string text) => Text = text;

    /// <summary>The secret itself.</summary>
    public string Text { get; }

    /// <summary>SHA-256 of it in hexadecimal digits, by which the link is found.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Text)));

    public static MagicLinkToken New() => new(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Size)));

    /// <summary>False for what can't be a token.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out MagicLinkToken? token)
    {
        token = text is not null && Base64Url.IsValid(text, out var size) && size == Size ? new MagicLinkToken(text) : null;
        return token is not null;
    }

    public override string ToString() => "***";
}
