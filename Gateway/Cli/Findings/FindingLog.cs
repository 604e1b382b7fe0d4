namespace Cortex.Cli.Findings;

/// <summary>Collects what the checks find, and tells each finding at once.</summary>
/// <param name="secrets">What must not be shown.</param>
/// <param name="told">Called with each.</param>
internal sealed class FindingLog(IReadOnlyCollection<string> secrets, Action<Finding> told)
{
    /// <summary>A shorter text may stand in any message by chance.</summary>
    private const int MinSecret = 8;

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

    /// <summary>One line, with a full stop: what backends wrote can forge no other, and shows no secret that was sent to them.</summary>
    private string Sentence(string text)
    {
        foreach (var secret in secrets.Where(secret => secret.Length >= MinSecret))
            text = text.Replace(secret, "***", StringComparison.Ordinal);
        var line = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        return line.EndsWith('.') || line.EndsWith('?') ? line : line + ".";
    }
}
