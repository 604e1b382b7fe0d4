using System.Collections;

namespace Cortex.Foundation.Configuration;

/// <summary>The variables of this process, as the configuration takes them.</summary>
internal static class ProcessEnvironment
{
    public static IReadOnlyDictionary<string, string?> Read() => Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value, StringComparer.Ordinal);
}
