using Cortex.Backends.Contract;
using Cortex.Cli.BackendTest.Checks;
using Cortex.Cli.BackendTest.Schema;
using Cortex.Cli.BackendTest.Tokens;
using Cortex.Cli.BackendTest.Wire;
using Cortex.Cli.Findings;
using Cortex.Feedback.Handover;

namespace Cortex.Cli.BackendTest;

/// <summary>
/// Holds a backend against the contract: first whether it can be called, then who may, then what it lists, then each method, then what it makes of wrong calls. Nothing is
/// called that might change something, but for the one tool that the user names.
/// </summary>
internal static class BackendTester
{
    private static readonly IBackendCheck[] Checks =
    [
        new ReachCheck(),
        new HttpCheck(),
        new ToolListCheck(),
        new TokenCheck(),
        new PromptCheck(),
        new ResourceCheck(),
        new HelpCheck(),
        new PersonCheck(),
        new OptionalMethodCheck(ContractMethods.GetSnapshot, isForGateway: true),
        new OptionalMethodCheck(TicketMethods.List, isForGateway: false),
        new CatalogTokenCheck(),
        new WrongCallCheck(),
        new CallCheck(),
        new WireCheck(),
    ];

    /// <summary>Runs the checks; each finding is told at once.</summary>
    /// <exception cref="UsageException">The test can't be run as it was asked for.</exception>
    public static async Task RunAsync(BackendTestOptions options, FindingLog findings, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var issuer = options.Issuer is { } address
            ? await EphemeralIssuer.StartAsync(address, IssuerKey.Load(options.KeyFile), time, cancellationToken)
            : null;
        using var probe = new BackendProbe(options.Endpoint, options.Timeout, options.MaxReplyBytes, time);
        var run = new BackendTestRun(options, probe, new TestCallers(options, issuer), ContractSchema.Load(), findings);
        foreach (var check in Checks)
        {
            if (run.GoesOn)
                await check.RunAsync(run, cancellationToken);
        }
    }
}
