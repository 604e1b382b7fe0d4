namespace Cortex.Foundation.Configuration;

/// <summary>One fault of the configuration: where it is, what it is and how to mend it. Never holds a secret.</summary>
/// <param name="Origin">The place in a file, or the environment variable, that the fault comes from.</param>
/// <param name="Path">YAML path, for example <c>backends.notes.url</c>; empty when the fault concerns the whole file.</param>
/// <param name="Problem">What is wrong.</param>
/// <param name="Mend">What to write instead.</param>
/// <param name="Value">The value as written; null where there is none to show, or where it might be a secret.</param>
internal sealed record ConfigurationError(Origin Origin, string Path, string Problem, string Mend, string? Value = null)
{
    /// <summary><c>file:line:column: path: problem. mend</c>, on one line.</summary>
    public override string ToString()
    {
        var value = Value is null ? "" : $" (was '{Value}')";
        return Path.Length == 0 ? $"{Origin}: {Problem}{value}. {Mend}." : $"{Origin}: {Path}: {Problem}{value}. {Mend}.";
    }
}
