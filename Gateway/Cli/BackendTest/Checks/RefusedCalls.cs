using System.Text;
using Cortex.Backends.Contract;
using Cortex.Cli.BackendTest.Wire;

namespace Cortex.Cli.BackendTest.Checks;

/// <summary>Wrong calls, which must be refused: with 400 and a sentence, neither done nor broken over.</summary>
internal static class RefusedCalls
{
    /// <summary>Calls a method as a person who holds every scope.</summary>
    /// <param name="what">What is wrong, to be read before <c>is refused</c>.</param>
    public static async Task ExpectAsync(BackendTestRun run, string check, string method, string parameters, string what, CancellationToken cancellationToken)
    {
        if (await run.AskAsync(check, run.Person, method, parameters, cancellationToken) is { } answer)
            Judge(run, check, what, answer);
    }

    /// <summary>Posts any body as a person who holds every scope.</summary>
    public static async Task ExpectAsync(BackendTestRun run, string check, string body, string what, CancellationToken cancellationToken)
    {
        if (run.Take(check, what, await run.Probe.PostAsync(run.Person, what, Encoding.UTF8.GetBytes(body), cancellationToken)) is { } answer)
            Judge(run, check, what, answer);
    }

    private static void Judge(BackendTestRun run, string check, string what, ProbeReply.Answered answer)
    {
        if (answer.Status is 401 or 403)
            run.Findings.Fail(check, $"{what} is answered with {answer.Status}, as if the person were at fault", "Answer 400 and {\"error\": \"…\"}");
        else if (answer.IsRefusal)
            run.Findings.Ok(check, $"{what} is refused with {answer.Status}");
        else if (UnknownMethod.Means(answer.Outcome))
            run.Findings.Warn(check, $"{what} is refused, but with {answer.Status}", "Answer 400 and {\"error\": \"…\"}: another status says that the call was done, or that the backend broke");
        else if (answer.Status >= 500)
            run.Findings.Fail(check, $"{what} breaks the backend ({answer.Status})", "Check what comes before using it; answer 400 and {\"error\": \"…\"}");
        else
            run.Findings.Fail(check, $"{what} is answered with {answer.Status}, as if it had been done", "Answer 400 and {\"error\": \"…\"}");
    }
}
