using Cortex.Foundation.Configuration;
using Cortex.Foundation.Model;
using Cortex.Governance.Integrity.Baselines;

namespace Cortex.Governance.Integrity;

/// <summary>Registers what holds catalogs against what was approved.</summary>
internal static class IntegrityRegistration
{
    /// <summary>The root key <c>integrity:</c>.</summary>
    internal static ConfigurationSection Section { get; } = new ConfigurationSection<IntegrityOptions>("integrity", Validate);

    internal static void AddIntegrity(this IServiceCollection services)
    {
        services.AddSingleton<GatewayBaselineKey>();
        services.AddSingleton<BaselineStore>();
        services.AddSingleton<BaselineReader>();
        services.AddSingleton<IntegrityPolicies>();
        services.AddSingleton<IntegrityMetrics>();
        services.AddSingleton<IntegrityBus>();
        services.AddHostedService(provider => provider.GetRequiredService<IntegrityBus>());
        services.AddSingleton<IntegrityRecorder>();
        services.AddSingleton<IntegrityGuard>();
        services.AddSingleton<IntegrityDesk>();
        services.AddSingleton<BaselineExchange>();
    }

    private static void Validate(IntegrityOptions options, SectionValidation validation)
    {
        if (options.OperatorKey is { } pem && !OperatorKeys.TryRead(pem, out _, out var problem))
            validation.Error("integrity.operatorKey", problem, "Write the public key that 'cortex integrity keygen' made, or a reference such as ${file:/etc/cortex/operator.pub.pem}");
        foreach (var backend in options.Backends.Keys.Where(id => !BackendId.TryParse(id, out _)))
            validation.Error($"integrity.backends.{backend}", "the name is none of a backend", "Write 1 to 32 of a-z, 0-9, '-' and '_', starting with a letter");
    }
}
