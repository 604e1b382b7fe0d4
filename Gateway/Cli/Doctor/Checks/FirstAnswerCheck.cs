using Cortex.Cli.Doctor.Wire;

namespace Cortex.Cli.Doctor.Checks;

/// <summary>What a client without a token is answered: by the gateway with 401, or by something on the way.</summary>
internal sealed class FirstAnswerCheck : IDoctorCheck
{
    public async Task RunAsync(DoctorRun run, CancellationToken cancellationToken)
    {
        switch (await run.PostAsync(McpMessage.Initialize, null, cancellationToken))
        {
            case ProbeReply.Answered { Status: 401 } answer:
                run.First = answer;
                if (answer.IsPage)
                {
                    run.Findings.Fail(
                        FaultIds.HttpPage,
                        "the 401 is a page of HTML, which the gateway never sends: something replaces its answers",
                        "Let answers through as they are: 'proxy_intercept_errors off' and no 'error_page' in nginx, no nginx.ingress.kubernetes.io/custom-http-errors. Clients of either era decide by their bodies");
                }
                else
                {
                    run.Findings.Ok("http", $"POST {run.Url.AbsolutePath} without a token is answered with 401 in {(answer.Came - answer.Asked).TotalMilliseconds:0} ms over HTTP/{answer.Version}");
                }

                return;
            case ProbeReply.Answered answer:
                var (id, problem, mend) = Explain(run, answer);
                run.Findings.Fail(id, problem, mend);
                break;
            case ProbeReply.Failed failed:
                run.Findings.Fail(FaultIds.Connect, failed.Problem, "Check that the port is the proxy's or the gateway's, and that it speaks HTTP");
                break;
        }

        run.Stop();
    }

    private static (string Id, string Problem, string Mend) Explain(DoctorRun run, ProbeReply.Answered answer) => answer.Status switch
    {
        >= 300 and < 400 => Redirect(run, answer),
        403 when answer.Document?.Text("title") is "Host not allowed" => (
            FaultIds.HttpHost,
            "the gateway refuses the host name under which the request reached it: a proxy changes it",
            "Pass the name on: 'proxy_set_header Host $host' in nginx; or have the proxy set X-Forwarded-Host and list it in gateway.trustedProxies; a further name of your own goes into gateway.allowedHosts"),
        403 => (
            FaultIds.HttpStatus,
            $"POST {run.Url.AbsolutePath} is answered with 403 by something before the gateway{Words(answer)}",
            "Look for a firewall or an address list at the proxy ('deny' in nginx, nginx.ingress.kubernetes.io/whitelist-source-range, a WAF rule) that keeps clients out"),
        404 or 405 => (
            FaultIds.HttpPath,
            $"nothing takes a POST at {run.Url} ({answer.Status})",
            "Give clients <gateway.publicUrl>/mcp, or /mcp/<toolset> with a name from 'toolsets'; the proxy must send every path to the gateway ('location /' in nginx, path / with pathType Prefix in the Ingress) and all methods"),
        502 or 503 or 504 => (
            FaultIds.HttpUpstream,
            $"the proxy answers {answer.Status}: it does not reach the gateway",
            "Check 'proxy_pass' in nginx, or the Service and its endpoints behind the Ingress, and /readyz of the gateway itself"),
        >= 200 and < 300 => (
            FaultIds.ChallengeOpen,
            $"a request without a token is answered with {answer.Status}, not 401{(answer.IsPage ? ": a page of HTML, so that something else answers at this address" : "")}",
            "Check that this is the gateway's address, and that no proxy adds an Authorization header of its own ('proxy_set_header Authorization' in nginx)"),
        _ => (
            FaultIds.HttpStatus,
            $"POST {run.Url.AbsolutePath} without a token is answered with {answer.Status}, not 401{Words(answer)}",
            "Look in the logs of the proxy and of the gateway"),
    };

    private static (string Id, string Problem, string Mend) Redirect(DoctorRun run, ProbeReply.Answered answer)
    {
        var target = answer.Headers.Location is { } location ? new Uri(run.Url, location) : null;
        var mend = target switch
        {
            { Scheme: "https" } when run.Url.Scheme == "http" && target.Host == run.Url.Host => $"Give clients {target} itself, and set gateway.publicUrl to that origin",
            { } when target.AbsolutePath.TrimEnd('/') == run.Url.AbsolutePath.TrimEnd('/') && target.Host == run.Url.Host =>
                $"Answer at {run.Url.AbsolutePath} itself: 'location {run.Url.AbsolutePath.TrimEnd('/')}' without a slash at the end in nginx, no rewriting of paths in the Ingress",
            _ => "Exempt the gateway from the proxy's own sign-in ('auth_request' in nginx, nginx.ingress.kubernetes.io/auth-url, an access product): the gateway signs people in itself, and programs can't follow to a page",
        };
        return (FaultIds.HttpRedirect, $"POST {run.Url.AbsolutePath} is answered with {answer.Status} and leads to '{target}'; clients lose the body or the token there", mend);
    }

    private static string Words(ProbeReply.Answered answer) => answer.Document is { } document && (document.Text("detail") ?? document.Text("title")) is { } words ? $" ({words})" : "";
}
