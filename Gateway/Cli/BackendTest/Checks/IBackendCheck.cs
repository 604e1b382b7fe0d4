namespace Cortex.Cli.BackendTest.Checks;

/// <summary>One part of the contract, held against the backend.</summary>
internal interface IBackendCheck
{
    Task RunAsync(BackendTestRun run, CancellationToken cancellationToken);
}
