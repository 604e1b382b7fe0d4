using Cortex.Foundation.Model;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Cortex.Governance.Audit;

/// <summary>Registers the audit log. Its preparation needs the migrations and the keys: register it after <c>AddSealing</c>.</summary>
internal static class AuditRegistration
{
    internal static void AddAudit(this WebApplicationBuilder builder) => builder.Services.AddAudit();

    internal static IServiceCollection AddAudit(this IServiceCollection services)
    {
        services.TryAddSingleton(new AuditOutput(System.Console.Out));
        services.AddSingleton<Pseudonyms>();
        services.AddSingleton<IPreparation, PseudonymPreparation>();
        services.AddSingleton<AuditLoss>();
        services.AddSingleton<AuditQueue>();
        services.AddSingleton<AuditTable>();
        services.AddSingleton<AuditHistory>();
        services.AddSingleton<AuditLines>();
        services.AddSingleton<AuditLog>();
        services.AddHostedService(provider => provider.GetRequiredService<AuditLines>());
        services.AddHostedService<AuditWriter>();
        return services;
    }
}
