namespace Cortex.Cli.BackendTest.Checks;

/// <summary>What HTTP itself must be like: calls are POST alone, and tokens go in plain text to nobody else's machine.</summary>
internal sealed class HttpCheck : IBackendCheck
{
    public async Task RunAsync(BackendTestRun run, CancellationToken cancellationToken)
    {
        if (run.Take("http.post", "GET", await run.Probe.GetAsync(run.Callers.Gateway, cancellationToken)) is { } answer)
        {
            if (answer is { Value: not null, Status: 200 })
                run.Findings.Fail("http.post", "GET is answered with 200 and JSON, so that a link could make a call", "Answer anything but POST with 405");
            else
                run.Findings.Ok("http.post", $"GET calls nothing ({answer.Status})");
        }

        var endpoint = run.Options.Endpoint;
        if (endpoint.Scheme == Uri.UriSchemeHttp && !endpoint.IsLoopback)
            run.Findings.Warn("http.tls", $"{endpoint.Host} is another machine, and the tokens reach it in plain text", "Serve https; else the gateway asks for allowPlaintext: true");
        else
            run.Findings.Ok("http.tls", endpoint.Scheme == Uri.UriSchemeHttps ? "the certificate is trusted" : "plain http stays on this machine");
    }
}
