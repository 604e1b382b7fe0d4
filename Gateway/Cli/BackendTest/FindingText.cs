namespace Cortex.Cli.BackendTest;

/// <summary>Writes a finding as one line: <c>fail  auth.expired  a token that expired an hour ago is answered with 200. Mend: …</c>.</summary>
/// <param name="hasColour">True for a terminal that shows colours.</param>
internal sealed class FindingText(bool hasColour)
{
    public string Write(Finding finding) => $"{Word(finding.Verdict)}  {finding.Check,-24}  {finding.Message}{(finding.Mend is null ? "" : $" Mend: {finding.Mend}")}";

    /// <summary>The last line.</summary>
    public static string Sum(FindingLog findings) =>
        $"{findings.Count(Verdict.Ok)} ok, {findings.Count(Verdict.Warn)} to improve, {findings.Count(Verdict.Fail)} to mend, {findings.Count(Verdict.Skip)} not checked.";

    private string Word(Verdict verdict)
    {
        var (word, colour) = verdict switch
        {
            Verdict.Ok => ("ok  ", "32"),
            Verdict.Warn => ("warn", "33"),
            Verdict.Fail => ("fail", "31"),
            _ => ("skip", "90"),
        };
        return hasColour ? $"\e[{colour}m{word}\e[0m" : word;
    }
}
