namespace Cortex.Foundation.Configuration.Loading;

/// <summary>Values that came from outside during one attempt; blanks them in texts that others write, such as a validator's message.</summary>
internal sealed class ResolvedSecrets
{
    /// <summary>Shorter values would blank ordinary words.</summary>
    private const int ShortestBlanked = 4;

    private readonly HashSet<string> _values = new(StringComparer.Ordinal);

    public void Add(string value)
    {
        if (value.Length >= ShortestBlanked)
            _values.Add(value);
    }

    public string Blank(string text) =>
        _values.OrderByDescending(value => value.Length).Aggregate(text, (result, value) => result.Replace(value, "***", StringComparison.Ordinal));
}
