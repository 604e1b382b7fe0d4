using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;

namespace Cortex.Foundation.Observability;

/// <summary>
/// Defaults of the console log, weaker than every other configuration source, so that <c>Logging__Console__FormatterName=json</c> or a level
/// of the operator's wins.
/// </summary>
internal static class LoggingDefaults
{
    private static readonly Dictionary<string, string?> Values = new()
    {
        ["Logging:Console:FormatterName"] = "simple",
        ["Logging:Console:FormatterOptions:SingleLine"] = "true",
        ["Logging:Console:FormatterOptions:UseUtcTimestamp"] = "true",
        ["Logging:Console:FormatterOptions:TimestampFormat"] = "yyyy-MM-ddTHH:mm:ss.fffZ ",
        ["Logging:LogLevel:Default"] = "Information",
        ["Logging:LogLevel:Cortex.Identity.Callers.CallerAuthenticationHandler"] = "Warning", // the framework's line for each 401
        ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
        ["Logging:LogLevel:Microsoft.EntityFrameworkCore"] = "Warning",
        ["Logging:LogLevel:Microsoft.IdentityModel"] = "Warning",
        ["Logging:LogLevel:Microsoft.Extensions.Hosting.Internal.Host"] = "Critical", // a refused start, which the command line tells in one sentence
        ["Logging:LogLevel:ModelContextProtocol"] = "Critical", // a backend that gives no catalog is reported once, by the catalog itself
        ["Logging:LogLevel:OpenIddict"] = "Warning",
        ["Logging:LogLevel:Polly"] = "Warning",
        ["Logging:LogLevel:System.Net.Http.HttpClient"] = "Warning",
        ["Logging:LogLevel:Yarp"] = "Warning",
    };

    /// <summary>Puts the defaults beneath everything that <paramref name="configuration"/> holds.</summary>
    public static void Apply(IConfigurationManager configuration) =>
        configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = Values });
}
