namespace Cortex.Cli.BackendTest;

/// <summary>Collects what the checks find, and tells each finding at once.</summary>
/// <param name="told">Called with each.</param>
internal sealed class FindingLog(Action<Finding> told)
{
    private readonly List<Finding> _all = [];

    public IReadOnlyList<Finding> All => _all;

    public void Ok(string check, string message) => Add(new Finding(check, Verdict.Ok, Sentence(message), null));

    public void Skip(string check, string message, string? mend = null) => Add(new Finding(check, Verdict.Skip, Sentence(message), mend is null ? null : Sentence(mend)));

    public void Warn(string check, string message, string mend) => Add(new Finding(check, Verdict.Warn, Sentence(message), Sentence(mend)));

    public void Fail(string check, string message, string mend) => Add(new Finding(check, Verdict.Fail, Sentence(message), Sentence(mend)));

    public int Count(Verdict verdict) => _all.Count(finding => finding.Verdict == verdict);

    private void Add(Finding finding)
    {
        _all.Add(finding);
        told(finding);
    }

    /// <summary>One line, with a capital letter and a full stop; what backends wrote can't forge another line.</summary>
    private static string Sentence(string text)
    {
        var line = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        line = line.Length == 0 || !char.IsAsciiLetterLower(line[0]) || line.IndexOfAny(['_', '/']) is >= 0 and < 24 ? line : char.ToUpperInvariant(line[0]) + line[1..];
        return line.EndsWith('.') || line.EndsWith('?') ? line : line + ".";
    }
}
