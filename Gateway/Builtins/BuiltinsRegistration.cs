using Cortex.Builtins.Resources;
using Cortex.Builtins.Tools;

namespace Cortex.Builtins;

/// <summary>Registers what the gateway itself offers.</summary>
internal static class BuiltinsRegistration
{
    internal static void AddBuiltins(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<BackendQuestions>();
        services.AddSingleton<BackendStates>();
        services.AddSingleton<IBuiltin, WhoAmI>();
        services.AddSingleton<IBuiltin, ReportMissingCapability>();
        services.AddSingleton<IBuiltin, ListTickets>();
        services.AddSingleton<IBuiltin, GetSnapshots>();
        services.AddSingleton<IBuiltin, ListResources>();
        services.AddSingleton<IBuiltin, ReadResource>();
        services.AddSingleton<IBuiltin, FindTools>();
        services.AddSingleton<IBuiltin, CallTool>();
        services.AddSingleton<IOwnResource, ArchitectureDocument>();
        services.AddSingleton<IOwnResource, BackendDocument>();
        services.AddSingleton<BuiltinSet>();
        services.AddHostedService(provider => provider.GetRequiredService<BuiltinSet>());
    }
}
