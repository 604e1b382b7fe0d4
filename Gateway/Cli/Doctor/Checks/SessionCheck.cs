using Cortex.Cli.Doctor.Wire;

namespace Cortex.Cli.Doctor.Checks;

/// <summary>Whether <c>Mcp-Session-Id</c> passes in both directions. The session is ended again.</summary>
internal sealed class SessionCheck : IDoctorCheck
{
    private const string NoSession = "cortex-doctor-is-no-session";

    public async Task RunAsync(DoctorRun run, CancellationToken cancellationToken)
    {
        if (!run.IsSignedIn || !run.IsLegacy)
            return;
        const string Mend = "Let Mcp-Session-Id through in both directions: no 'proxy_hide_header Mcp-Session-Id', no 'proxy_set_header Mcp-Session-Id' in nginx, no list of allowed headers in a WAF or CDN that lacks it";
        if (run.Session is not { } session)
        {
            run.Findings.Fail(FaultIds.HeadersSession, "the answer to initialize bears no Mcp-Session-Id", Mend);
            return;
        }

        // Only a gateway that sees the header can miss the session.
        if (await run.AskAsync(FaultIds.HeadersSession, McpMessage.Ping(NoSession), cancellationToken) is not { } answer)
            return;
        if (answer.Status == 404)
            run.Findings.Ok(FaultIds.HeadersSession, "Mcp-Session-Id passes in both directions");
        else
            run.Findings.Fail(FaultIds.HeadersSession, $"a request of a session that never was is answered with {answer.Status}, not 404: Mcp-Session-Id does not reach the gateway", Mend);
        await EndAsync(run, session, cancellationToken);
    }

    private static Task<ProbeReply> EndAsync(DoctorRun run, string session, CancellationToken cancellationToken) => run.Probe.SendAsync(
        () =>
        {
            var request = McpMessage.Ping(session).ToRequest(run.Url, run.Options.Token);
            (request.Method, request.Content) = (HttpMethod.Delete, null);
            return request;
        },
        cancellationToken);
}
