using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Cortex.Identity.Callers.PersonalTokens;

/// <summary>
/// Names a personal access token: <c>pat_</c> and 32 hexadecimal digits. No secret. Whoever calls with the token bears it as their client id.
/// </summary>
internal readonly record struct PersonalTokenId
{
    /// <summary>What no other client's id begins with.</summary>
    public const string Prefix = "pat_";

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    private PersonalTokenId(string value) => Value = value;

    public string Value { get; }

    public static PersonalTokenId New(TimeProvider time) => new(Prefix + Guid.CreateVersion7(time.GetUtcNow()).ToString("N"));

    public static bool TryParse([NotNullWhen(true)] string? text, out PersonalTokenId id)
    {
        id = default;
        if (text is not { Length: 36 } || !text.StartsWith(Prefix, StringComparison.Ordinal) || text.AsSpan(Prefix.Length).ContainsAnyExcept(Digits))
            return false;
        id = new PersonalTokenId(text);
        return true;
    }

    public static PersonalTokenId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is not the id of a personal access token.");

    public override string ToString() => Value;
}
