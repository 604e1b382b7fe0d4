namespace Cortex.Cli.Findings;

/// <summary>Writes a finding as one line: <c>fail  auth.expired  a token that expired an hour ago is answered with 200. Mend: …</c>.</summary>
/// <param name="hasColour">True for a terminal that shows colours.</param>
internal sealed class FindingText(bool hasColour)
{
    /// <summary>Colours only on a terminal, and not under <see href="https://no-color.org/">NO_COLOR</see>.</summary>
    public static FindingText For(TextWriter output) =>
        new(output == System.Console.Out && !System.Console.IsOutputRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null or "");

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
