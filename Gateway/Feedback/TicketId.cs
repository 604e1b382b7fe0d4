using System.Buffers.Text;
using System.Security.Cryptography;

namespace Cortex.Feedback;

/// <summary>Id of a ticket: <c>t_</c> and 22 characters of base64url, random. It finds a ticket only together with its owner.</summary>
internal readonly record struct TicketId
{
    private const int Length = 24;

    private TicketId(string value) => Value = value;

    public string Value { get; }

    public static TicketId New() => new("t_" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)));

    public static bool TryParse(string? text, out TicketId id)
    {
        id = default;
        if (text is not { Length: Length } || !text.StartsWith("t_", StringComparison.Ordinal) || !Base64Url.IsValid(text.AsSpan(2)))
            return false;
        id = new TicketId(text);
        return true;
    }

    public static TicketId Parse(string text) => TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is not a ticket id.");

    public override string ToString() => Value;
}
