namespace Cortex.Cli.Doctor.Checks;

/// <summary>One step of the way that a client goes.</summary>
internal interface IDoctorCheck
{
    Task RunAsync(DoctorRun run, CancellationToken cancellationToken);
}
