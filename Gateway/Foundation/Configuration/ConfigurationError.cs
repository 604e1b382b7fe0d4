using System.Text;

namespace Cortex.Foundation.Configuration;

/// <summary>One fault of the configuration: where it is, what it is and how to mend it. Never holds a secret.</summary>
/// <param name="Origin">The place in a file, or the environment variable, that the fault comes from.</param>
/// <param name="Path">YAML path, for example <c>backends.notes.url</c>; empty when the fault concerns the whole file.</param>
/// <param name="Problem">What is wrong, as the start of a sentence.</param>
/// <param name="Mend">What to do, as a sentence of its own.</param>
/// <param name="Value">The value as written, references unresolved; null where there is none to show, or where it might be a secret.</param>
internal sealed record ConfigurationError(Origin Origin, string Path, string Problem, string Mend, string? Value = null)
{
    /// <summary><c>file:line:column: path: problem (was 'value'). Mend.</c>, on one line.</summary>
    public override string ToString()
    {
        var text = new StringBuilder().Append(Origin).Append(": ");
        if (Path.Length > 0)
            text.Append(Path).Append(": ");
        text.Append(Problem.TrimEnd('.'));
        if (Value is not null && !Problem.Contains(Value, StringComparison.Ordinal))
            text.Append(" (was '").Append(Value).Append("')");
        text.Append(". ").Append(char.ToUpperInvariant(Mend[0])).Append(Mend, 1, Mend.Length - 1);
        if (Mend is not [.., '.' or '?'])
            text.Append('.');
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]))
                text[i] = ' ';
        }

        return text.ToString();
    }
}
