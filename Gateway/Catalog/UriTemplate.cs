namespace Cortex.Catalog;

/// <summary>
/// Matches URIs against a template (<see href="https://www.rfc-editor.org/rfc/rfc6570">RFC 6570</see>): literal text must agree, an
/// expression stands for any run of characters; <c>{x}</c> stays within one path segment, expressions with an operator need not.
/// </summary>
internal sealed class UriTemplate
{
    private readonly List<(string Text, bool IsExpression, bool CrossesSegments)> _parts = [];

    public UriTemplate(string template)
    {
        for (var at = 0; at < template.Length;)
        {
            var open = template.IndexOf('{', at);
            var close = open < 0 ? -1 : template.IndexOf('}', open);
            if (close < 0)
            {
                _parts.Add((template[at..], false, false));
                break;
            }

            if (open > at)
                _parts.Add((template[at..open], false, false));
            _parts.Add(("", true, close > open + 1 && "+#./;?&".Contains(template[open + 1], StringComparison.Ordinal)));
            at = close + 1;
        }
    }

    public bool Matches(string uri) => Matches(uri, 0);

    /// <summary>Tries every end of an expression, longest run last; templates are short, so plain backtracking does.</summary>
    private bool Matches(ReadOnlySpan<char> rest, int part)
    {
        if (part == _parts.Count)
            return rest.IsEmpty;
        var (text, isExpression, crossesSegments) = _parts[part];
        if (!isExpression)
            return rest.StartsWith(text, StringComparison.Ordinal) && Matches(rest[text.Length..], part + 1);
        for (var length = crossesSegments ? 0 : 1; length <= rest.Length; length++)
        {
            if (Matches(rest[length..], part + 1))
                return true;
            if (length < rest.Length && rest[length] == '/' && !crossesSegments)
                return false;
        }

        return false;
    }
}
