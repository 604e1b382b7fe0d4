using Cortex.Cli.Doctor.Wire;

namespace Cortex.Cli.Doctor.Checks;

/// <summary>Whether large messages get through: agents send files as arguments.</summary>
internal sealed class BodySizeCheck : IDoctorCheck
{
    /// <summary>Twice what nginx lets through unless told otherwise, half of what the gateway does.</summary>
    private const int Bytes = 2 * 1024 * 1024;

    public async Task RunAsync(DoctorRun run, CancellationToken cancellationToken)
    {
        if (!run.IsSignedIn)
            return;
        var problem = await run.PostAsync(McpMessage.Ping(null, Bytes), run.Options.Token, cancellationToken) switch
        {
            ProbeReply.Answered { Status: 200 } => null,
            ProbeReply.Answered answer => $"is answered with {answer.Status}",
            ProbeReply.Failed failed => $"fails: {failed.Problem}",
            _ => throw new InvalidOperationException("A request ended in no known way."),
        };
        if (problem is null)
            run.Findings.Ok(FaultIds.BodySize, $"a message of {Bytes / 1024 / 1024} MiB gets through");
        else
            run.Findings.Fail(FaultIds.BodySize, $"a message of {Bytes / 1024 / 1024} MiB {problem}", "Raise the proxy's limit to the gateway's: 'client_max_body_size 8m' in nginx, nginx.ingress.kubernetes.io/proxy-body-size: 8m; and see gateway.maxBodyBytes");
    }
}
