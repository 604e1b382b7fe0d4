using Cortex.Cli.Doctor.Wire;

namespace Cortex.Cli.Doctor.Checks;

/// <summary>Whether pages of any origin can read the metadata and redeem a code, as clients that run in a browser do.</summary>
internal sealed class OpenCorsCheck : IDoctorCheck
{
    private const string AnyOrigin = "http://localhost:6274";

    public async Task RunAsync(DoctorRun run, CancellationToken cancellationToken)
    {
        if (run.Resource is not null)
            Judge(run, FaultIds.CorsMetadata, run.MetadataOfPath, await run.Probe.GetAsync(run.MetadataOfPath, AnyOrigin, cancellationToken));
        foreach (var issuer in run.Issuers.Where(issuer => issuer.IsOwn))
        {
            if (Uri.TryCreate(issuer.Metadata.Text("token_endpoint"), UriKind.Absolute, out var endpoint) && endpoint.GetLeftPart(UriPartial.Authority) == run.Origin)
                Judge(run, FaultIds.CorsToken, endpoint, await CorsHeaders.PreflightAsync(run, endpoint, AnyOrigin, "POST", "content-type", cancellationToken));
        }
    }

    private static void Judge(DoctorRun run, string id, Uri address, ProbeReply reply)
    {
        if (reply is not ProbeReply.Answered answer)
        {
            run.Findings.Fail(id, $"{address} gives pages no answer", CorsHeaders.LostMend);
            return;
        }

        switch (CorsHeaders.Judge(answer, AnyOrigin))
        {
            case CorsVerdict.Allowed when answer.Status is >= 200 and < 300:
                run.Findings.Ok(id, $"pages of any origin may use {address.AbsolutePath}");
                break;
            case CorsVerdict.Twice:
                run.Findings.Fail(FaultIds.CorsTwice, $"{address} names two allowed origins, which browsers take for none", CorsHeaders.TwiceMend);
                break;
            default:
                run.Findings.Fail(id, $"browsers keep pages from {address}, so that clients in a browser can't sign in", CorsHeaders.LostMend);
                break;
        }
    }
}
