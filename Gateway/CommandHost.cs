using Cortex.Foundation.Configuration;
using Cortex.Foundation.Storage;

namespace Cortex;

/// <summary>What a command needs that works with a gateway's database, whether or not one runs: its configuration and its storage.</summary>
internal static class CommandHost
{
    /// <param name="configFile">The main configuration file.</param>
    /// <param name="configuration">What it says.</param>
    /// <exception cref="ConfigurationException">It is faulty.</exception>
    internal static WebApplicationBuilder Create(string configFile, out LiveConfiguration configuration)
    {
        configuration = LiveConfiguration.Load(configFile, Sections.All, ProcessEnvironment.Read());
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddLiveConfiguration(configuration);
        builder.AddStorage(configuration);
        return builder;
    }
}
