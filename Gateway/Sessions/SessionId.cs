using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Cortex.Sessions;

/// <summary>Id of a legacy session: 32 random bytes in base64url. It finds a session of its owner; it authenticates nobody.</summary>
internal readonly record struct SessionId
{
    private const int Length = 43;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    private SessionId(string value) => Value = value;

    public string Value { get; }

    public static SessionId New() => new(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));

    public static bool TryParse(string? text, out SessionId id)
    {
        id = default;
        if (text is not { Length: Length } || text.AsSpan().ContainsAnyExcept(Allowed))
            return false;
        id = new SessionId(text);
        return true;
    }

    public override string ToString() => Value;
}
