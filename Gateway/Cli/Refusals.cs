using Cortex.Cli.Terminal;
using Cortex.Foundation.Configuration;
using Cortex.Foundation.Sealing;
using Cortex.Foundation.Storage;

namespace Cortex.Cli;

/// <summary>
/// Turns a refused start into lines on the error stream and exit code 1: a faulty configuration, a database, Redis, key or address that can't be used.
/// Whatever else ends a command is a fault of the program and keeps its stack trace.
/// </summary>
internal static class Refusals
{
    public const int ExitCode = 1;

    public static async Task<int> PrintAsync(TextWriter error, Func<Task<int>> action)
    {
        try
        {
            return await action();
        }
        catch (ConfigurationException exception)
        {
            await PrintAsync(error, exception.Errors);
            return ExitCode;
        }
        catch (Exception exception) when (exception is MigrationException or SharedStateException or SealingException or ListeningException)
        {
            await error.WriteLineAsync(exception.Message);
            return ExitCode;
        }
    }

    public static async Task PrintAsync(TextWriter error, IReadOnlyList<ConfigurationError> faults)
    {
        foreach (var fault in faults)
            await error.WriteLineAsync(fault.ToString());
        await error.WriteLineAsync(error.Paint(TextColour.Red, faults.Count == 1 ? "1 fault." : $"{faults.Count} faults."));
    }
}
