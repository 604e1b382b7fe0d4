using Cortex.Builtins;

namespace Cortex.Cli.BackendTest.Checks;

/// <summary>What all the replies had in common, told at the end.</summary>
internal sealed class WireCheck : IBackendCheck
{
    /// <summary>A list that is larger than this fills the context of most models.</summary>
    private const int LargeBytes = 256 * 1024;

    public Task RunAsync(BackendTestRun run, CancellationToken cancellationToken)
    {
        var seen = run.Probe.Observations;
        var findings = run.Findings;
        if (seen.Redirects.Count > 0)
            findings.Fail("http.redirect", $"{List(seen.Redirects)}: answered with a redirect, and the gateway follows none", "Answer where you are called");
        if (seen.Echoes.Count > 0)
            findings.Fail("http.echo", $"{List(seen.Echoes)}: the reply repeats the token, which agents and logs then see", "Never write the Authorization header into a reply");
        else
            findings.Ok("http.echo", "no reply repeats a token");
        if (seen.MediaTypes.Count > 0)
            findings.Warn("http.json", $"{List(seen.MediaTypes)}: JSON under another media type", "Answer with Content-Type: application/json");
        else
            findings.Ok("http.json", "JSON says that it is JSON");
        if (seen.Wordless.Count > 0)
            findings.Warn("errors", $"{List(seen.Wordless)}: refused without a word", "Answer {\"error\": \"what is wrong, with which thing, what to do next\"}: agents read it");
        else
            findings.Ok("errors", "each refusal says why");
        var slow = seen.Slowest.Elapsed > BackendQuestions.Patience;
        if (slow)
            findings.Warn("http.time", $"{seen.Slowest.Method} took {seen.Slowest.Elapsed.TotalSeconds:0.0} s", $"Answer within {BackendQuestions.Patience.TotalSeconds:0} s: whoami and get_snapshot are not waited for longer");
        else
            findings.Ok("http.time", $"the slowest reply took {seen.Slowest.Elapsed.TotalMilliseconds:0} ms ({seen.Slowest.Method})");
        if (seen.Largest.Bytes > LargeBytes)
            findings.Warn("http.size", $"{seen.Largest.Method} answered {seen.Largest.Bytes / 1024} KiB", "Answer less at once, with a filter or a limit: agents read it all");
        else
            findings.Ok("http.size", $"the largest reply has {seen.Largest.Bytes} bytes ({seen.Largest.Method})");
        return Task.CompletedTask;
    }

    private static string List(IReadOnlyList<string> methods) => string.Join(", ", methods);
}
