using Cortex.Foundation.Configuration;

namespace Cortex.Cli;

/// <summary>Turns a refused configuration into lines on the error stream and exit code 1.</summary>
internal static class ConfigurationFaults
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
    }

    public static async Task PrintAsync(TextWriter error, IReadOnlyList<ConfigurationError> faults)
    {
        foreach (var fault in faults)
            await error.WriteLineAsync(fault.ToString());
        await error.WriteLineAsync(faults.Count == 1 ? "1 fault." : $"{faults.Count} faults.");
    }
}
