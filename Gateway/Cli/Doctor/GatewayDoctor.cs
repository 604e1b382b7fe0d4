using Cortex.Cli.Doctor.Checks;
using Cortex.Cli.Doctor.Wire;
using Cortex.Cli.Findings;

namespace Cortex.Cli.Doctor;

/// <summary>
/// Walks the way of a client: (1) name, connection, TLS, the first answer; (2) the challenge and the metadata it leads to; (3) the authorization servers; (4) what pages,
/// proxies and clocks add; (5) with a token, both eras of MCP, sessions, streams and large messages.
/// </summary>
internal static class GatewayDoctor
{
    private static readonly IDoctorCheck[] Checks =
    [
        new ConnectCheck(),
        new TlsCheck(),
        new FirstAnswerCheck(),
        new ChallengeCheck(),
        new ResourceMetadataCheck(),
        new PublicUrlCheck(),
        new IssuerMetadataCheck(),
        new IssuerOfferCheck(),
        new IssuerEndpointsCheck(),
        new IssuerKeysCheck(),
        new RegistrationCheck(),
        new MethodsCheck(),
        new AuthorizationHeaderCheck(),
        new McpCorsCheck(),
        new OpenCorsCheck(),
        new ClockCheck(),
        new ManagementCheck(),
        new TokenCheck(),
        new SessionCheck(),
        new ModernEraCheck(),
        new StreamCheck(),
        new BodySizeCheck(),
    ];

    /// <summary>Runs the checks; each finding is told at once.</summary>
    public static async Task RunAsync(DoctorOptions options, FindingLog findings, TimeProvider time, CancellationToken cancellationToken)
    {
        var trust = new CertificateTrust(options.Authorities);
        using var probe = new DoctorProbe(trust, options.Timeout, time);
        var run = new DoctorRun(options, probe, trust, findings, time);
        foreach (var check in Checks)
        {
            if (!run.GoesOn)
                break;
            await check.RunAsync(run, cancellationToken);
        }

        if (!run.GoesOn)
            findings.Skip("rest", "nothing else was checked, since no client gets further", "Mend this first, and run again");
    }
}
