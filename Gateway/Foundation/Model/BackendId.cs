namespace Cortex.Foundation.Model;

/// <summary>
/// Name of a federated backend: 1 to 32 of <c>a-z 0-9 - _</c>, starting with a letter.
/// It is a YARP cluster and route id, the default tool prefix and part of the scope <c>mcp:&lt;backend&gt;</c>.
/// </summary>
internal readonly record struct BackendId
{
    private BackendId(string value) => Value = value;

    /// <summary>The name as written in the configuration.</summary>
    public string Value { get; }

    /// <summary>Reads <paramref name="text"/>; false when it is not a valid name.</summary>
    public static bool TryParse(string? text, out BackendId id)
    {
        id = default;
        if (text is not { Length: >= 1 and <= 32 } || !char.IsAsciiLetterLower(text[0]))
            return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('-' or '_'))
                return false;
        }

        id = new BackendId(text);
        return true;
    }

    /// <summary>Reads <paramref name="text"/>; throws <see cref="FormatException"/> when it is not a valid name.</summary>
    public static BackendId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is not a backend name.");

    public override string ToString() => Value;
}
