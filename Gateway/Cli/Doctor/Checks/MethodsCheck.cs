using Cortex.Cli.Doctor.Wire;

namespace Cortex.Cli.Doctor.Checks;

/// <summary>Whether GET and DELETE reach the gateway as POST does: clients with sessions open streams by the one and end sessions by the other.</summary>
internal sealed class MethodsCheck : IDoctorCheck
{
    public async Task RunAsync(DoctorRun run, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Delete })
        {
            var reply = await run.Probe.SendAsync(() => new HttpRequestMessage(method, run.Url), cancellationToken);
            if (reply is ProbeReply.Failed failed)
                problems.Add($"{method}: {failed.Problem}");
            else if (reply is ProbeReply.Answered { Status: not 401 } answer)
                problems.Add($"{method} is answered with {answer.Status}, not 401");
        }

        if (problems.Count == 0)
            run.Findings.Ok(FaultIds.HttpMethods, "GET and DELETE reach the gateway");
        else
            run.Findings.Fail(FaultIds.HttpMethods, string.Join("; ", problems), "Let POST, GET, DELETE and OPTIONS through at the proxy: no 'limit_except' in nginx, no such rule in a WAF or CDN");
    }
}
