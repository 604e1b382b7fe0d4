using Cortex.Catalog.Names;
using Cortex.Catalog.Personal;
using Cortex.Catalog.Search;
using Cortex.Catalog.Toolsets;
using Cortex.Foundation.Model;
using Cortex.Identity.Callers;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Cortex.Catalog;

/// <summary>Registers the catalog.</summary>
internal static class CatalogRegistration
{
    internal static void AddCatalog(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(new CatalogSchedule());
        builder.Services.AddSingleton<CatalogStore>();
        builder.Services.AddSingleton<NameStore>();
        builder.Services.AddSingleton<IPreparation, NamePreparation>();
        builder.Services.AddHostedService<NameRecords>();
        builder.Services.AddSingleton<ICatalogSource, ContractCatalogSource>();
        builder.Services.AddSingleton<NativeSpeech>();
        builder.Services.AddSingleton<ICatalogSource, NativeCatalogSource>();
        builder.Services.AddSingleton(_ => new ToolSearch());
        builder.Services.AddSingleton<ToolListing>();
        builder.Services.AddSingleton<ToolsetDirectory>();
        builder.Services.AddSingleton<ToolsetResources>();
        builder.Services.Replace(ServiceDescriptor.Singleton<FindToolset>(services => services.GetRequiredService<ToolsetResources>().Find));
        builder.Services.AddSingleton<CatalogIntegrity>();
        builder.Services.AddSingleton<CatalogReader>();
        builder.Services.AddSingleton<CatalogRefresher>();
        builder.Services.AddHostedService(services => services.GetRequiredService<CatalogRefresher>());
        builder.Services.AddSingleton<PersonalCatalogs>();
        builder.Services.AddHostedService(services => services.GetRequiredService<PersonalCatalogs>());
        builder.Services.AddHostedService<IntegrityFollower>();
    }
}
