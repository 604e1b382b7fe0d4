using Cortex.Cli.Doctor.Wire;

namespace Cortex.Cli.Doctor.Checks;

/// <summary>Whether the modern era answers, whose every request repeats parts of its body in headers.</summary>
internal sealed class ModernEraCheck : IDoctorCheck
{
    private const int HeaderMismatch = -32020;

    public async Task RunAsync(DoctorRun run, CancellationToken cancellationToken)
    {
        if (!run.IsSignedIn || await run.AskAsync(FaultIds.EraModern, McpMessage.Discover, cancellationToken) is not { } answer)
            return;
        var reply = McpAnswer.Read(answer);
        if (reply.HasResult)
        {
            run.Findings.Ok(FaultIds.EraModern, "server/discover is answered, for clients without sessions");
        }
        else if (reply.Code == HeaderMismatch)
        {
            run.IsModern = false;
            run.Findings.Fail(
                FaultIds.HeadersProtocol,
                $"a header of MCP does not reach the gateway: {reply.Message}",
                "Pass on MCP-Protocol-Version and every Mcp-* header: no list of allowed headers at the proxy, WAF or CDN that lacks them, no 'proxy_pass_request_headers off' in nginx");
        }
        else
        {
            run.IsModern = false;
            run.Findings.Fail(FaultIds.EraModern, $"server/discover is answered with {answer.Status}: {reply.Message}", "Check that the proxy passes bodies on unchanged; else look in the gateway's log");
        }
    }
}
