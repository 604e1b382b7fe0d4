using System.Buffers;

namespace Cortex.Foundation.Model;

/// <summary>One OAuth scope token (<see href="https://www.rfc-editor.org/rfc/rfc6749#section-3.3">RFC 6749, section 3.3</see>).</summary>
internal readonly record struct Scope : IComparable<Scope>
{
    private static readonly SearchValues<char> Allowed = SearchValues.Create(
        "!#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    private Scope(string value) => Value = value;

    /// <summary>The scope as it stands in a token.</summary>
    public string Value { get; }

    /// <summary>True for the gateway's own scopes (<c>cortex:*</c>), which no agent can be granted.</summary>
    public bool IsReserved => Value.StartsWith("cortex:", StringComparison.Ordinal);

    /// <summary>Reads one scope token of at most 200 characters.</summary>
    public static bool TryParse(string? text, out Scope scope)
    {
        scope = default;
        if (text is not { Length: >= 1 and <= 200 } || text.AsSpan().ContainsAnyExcept(Allowed))
            return false;
        scope = new Scope(text);
        return true;
    }

    /// <summary>Reads one scope token; throws <see cref="FormatException"/> when it is malformed.</summary>
    public static Scope Parse(string text) =>
        TryParse(text, out var scope) ? scope : throw new FormatException($"'{text}' is not an OAuth scope.");

    public int CompareTo(Scope other) => string.CompareOrdinal(Value, other.Value);

    public override string ToString() => Value;
}
