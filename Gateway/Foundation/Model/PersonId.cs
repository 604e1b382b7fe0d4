using System.Buffers;

namespace Cortex.Foundation.Model;

/// <summary>The gateway's own stable id of a person: <c>p_</c> and 32 hexadecimal digits, random.</summary>
internal readonly record struct PersonId
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    private PersonId(string value) => Value = value;

    public string Value { get; }

    /// <summary>Makes a new, random id that sorts by time of making.</summary>
    public static PersonId New(TimeProvider time) => new("p_" + Guid.CreateVersion7(time.GetUtcNow()).ToString("N"));

    public static bool TryParse(string? text, out PersonId id)
    {
        id = default;
        if (text is not { Length: 34 } || !text.StartsWith("p_", StringComparison.Ordinal)
            || text.AsSpan(2).ContainsAnyExcept(Digits))
            return false;
        id = new PersonId(text);
        return true;
    }

    public static PersonId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is not a person id.");

    public override string ToString() => Value;
}
