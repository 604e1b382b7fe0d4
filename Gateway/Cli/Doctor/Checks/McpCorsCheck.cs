using Cortex.Cli.Doctor.Wire;

namespace Cortex.Cli.Doctor.Checks;

/// <summary>Whether pages of an allowed origin can call the gateway, and read what they must of its answers.</summary>
internal sealed class McpCorsCheck : IDoctorCheck
{
    /// <summary>Allowed unless the configuration says otherwise.</summary>
    private const string UsualOrigin = "https://claude.ai";

    private const string RequestHeaders = "authorization, content-type, mcp-protocol-version, mcp-session-id";

    public async Task RunAsync(DoctorRun run, CancellationToken cancellationToken)
    {
        var origin = run.Options.Origin ?? UsualOrigin;
        if (await CorsHeaders.PreflightAsync(run, run.Url, origin, "POST", RequestHeaders, cancellationToken) is not ProbeReply.Answered preflight)
        {
            run.Findings.Fail(FaultIds.CorsMcp, $"OPTIONS {run.Url.AbsolutePath} gets no answer", CorsHeaders.LostMend);
            return;
        }

        if (preflight is { Status: 403, Document: { } problem } && problem.Text("title") == "Origin not allowed")
        {
            RefuseOrigin(run, origin);
            return;
        }

        var isAllowed = preflight.Status is >= 200 and < 300 && CorsHeaders.Names(preflight, "Access-Control-Allow-Headers", RequestHeaders.Split(", "));
        switch (CorsHeaders.Judge(preflight, origin))
        {
            case CorsVerdict.Twice:
                run.Findings.Fail(FaultIds.CorsTwice, $"OPTIONS {run.Url.AbsolutePath} names two allowed origins, which browsers take for none", CorsHeaders.TwiceMend);
                return;
            case CorsVerdict.Allowed when isAllowed:
                run.Findings.Ok(FaultIds.CorsMcp, $"pages of {origin} may call {run.Url.AbsolutePath}");
                break;
            default:
                run.Findings.Fail(
                    FaultIds.CorsMcp,
                    $"browsers keep pages of {origin} from calling {run.Url.AbsolutePath}: OPTIONS is answered with {preflight.Status}, and without the Access-Control headers that the gateway sends",
                    CorsHeaders.LostMend);
                return;
        }

        await ExamineAnswerAsync(run, origin, cancellationToken);
    }

    private static void RefuseOrigin(DoctorRun run, string origin)
    {
        const string Mend = "Add the origin to gateway.allowedOrigins, if its pages should";
        if (run.Options.Origin is null)
            run.Findings.Warn(FaultIds.CorsOrigin, $"pages of {origin} may not call {run.Url.AbsolutePath}", Mend);
        else
            run.Findings.Fail(FaultIds.CorsOrigin, $"pages of {origin} may not call {run.Url.AbsolutePath}", Mend);
    }

    /// <summary>The answer proper must show pages the way to the sign-in, and their session.</summary>
    private static async Task ExamineAnswerAsync(DoctorRun run, string origin, CancellationToken cancellationToken)
    {
        var reply = await run.Probe.SendAsync(
            () =>
            {
                var request = McpMessage.Initialize.ToRequest(run.Url, null);
                request.Headers.TryAddWithoutValidation("Origin", origin);
                return request;
            },
            cancellationToken);
        if (reply is not ProbeReply.Answered answer)
            return;
        var verdict = CorsHeaders.Judge(answer, origin);
        if (verdict == CorsVerdict.Twice)
        {
            run.Findings.Fail(FaultIds.CorsTwice, "the 401 names two allowed origins, which browsers take for none", CorsHeaders.TwiceMend);
        }
        else if (verdict == CorsVerdict.Allowed && CorsHeaders.Names(answer, "Access-Control-Expose-Headers", "WWW-Authenticate", McpMessage.SessionHeader))
        {
            run.Findings.Ok(FaultIds.CorsExposed, "pages may read WWW-Authenticate and Mcp-Session-Id");
        }
        else
        {
            run.Findings.Fail(
                FaultIds.CorsExposed,
                "the answer does not let pages read WWW-Authenticate and Mcp-Session-Id (Access-Control-Expose-Headers), without which they can't sign in or keep a session",
                CorsHeaders.LostMend);
        }
    }
}
