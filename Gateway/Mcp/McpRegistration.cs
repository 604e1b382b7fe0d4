using Cortex.Backends;
using Cortex.Foundation.Configuration;
using Cortex.Identity.Callers;
using Cortex.Mcp.Answers;
using Cortex.Mcp.Batches;
using Cortex.Mcp.Forwarding;
using Cortex.Mcp.Links;
using Cortex.Mcp.Own;
using Cortex.Mcp.Relay;
using Cortex.Mcp.Streams;
using Cortex.Mcp.Wire;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Configuration;

namespace Cortex.Mcp;

/// <summary>Registers the MCP layer and puts it into YARP's pipeline.</summary>
internal static class McpRegistration
{
    internal static ConfigurationSection PagingSection { get; } = new ConfigurationSection<PagingOptions>("paging", (paging, validation) =>
    {
        if (paging.PageSize is < 0 or > 10_000)
            validation.Error("paging.pageSize", $"{paging.PageSize} is out of range", "write 0 for whole lists, or 1 to 10000");
    });

    internal static void AddMcp(this WebApplicationBuilder builder, IReverseProxyBuilder proxy)
    {
        var services = builder.Services;
        services.AddSingleton<IProxyConfigProvider, IngressRoutes>();
        services.AddAuthorizationBuilder().AddPolicy(BackendRoutes.DenyAllPolicy, policy => policy
            .AddAuthenticationSchemes(CallerAuthentication.Scheme)
            .RequireAssertion(_ => false));
        proxy.AddTransforms<ForwardTransforms>();
        services.AddSingleton<McpCors>();
        services.AddCors();
        services.AddSingleton<IConfigureOptions<CorsOptions>>(provider =>
            new ConfigureOptions<CorsOptions>(provider.GetRequiredService<McpCors>().Configure));
        services.AddSingleton<ServerIdentity>();
        services.AddSingleton<EraWire>();
        services.AddSingleton<IAnsweredMethod, InitializeMethod>();
        services.AddSingleton<IAnsweredMethod, PingMethod>();
        services.AddSingleton<IAnsweredMethod, DiscoverMethod>();
        services.AddSingleton<CatalogList>();
        services.AddSingleton<IAnsweredMethod, ToolsListMethod>();
        services.AddSingleton<IAnsweredMethod, PromptsListMethod>();
        services.AddSingleton<IAnsweredMethod, ResourcesListMethod>();
        services.AddSingleton<IAnsweredMethod, ResourceTemplatesListMethod>();
        services.AddSingleton<IAnsweredMethod, NoCompletionMethod>();
        services.AddSingleton<IAnsweredMethod, SetLevelMethod>();
        services.AddStreams();
        services.AddSingleton<McpRouter>();
        services.AddSingleton<McpReplies>();
        services.AddSingleton<ForwardPipeline>();
        services.AddSingleton<ContractForwarder>();
        services.AddSingleton<NativeResults>();
        services.AddSingleton<NativeResume>();
        services.AddSingleton<NativeAttemptServices>();
        services.AddSingleton<NativeForwarder>();
        services.AddSingleton<RequestStates>();
        services.AddSingleton<OpenQuestions>();
        services.AddSingleton<CallRelayServices>();
        services.AddSingleton<ClientMessages>();
        services.AddSingleton<KeptStreams>();
        services.AddSingleton<StreamLogs>();
        services.AddSingleton<OpenElicitations>();
        services.AddHostedService(provider => provider.GetRequiredService<OpenElicitations>());
        services.AddSingleton<LinkAnswers>();
        services.AddSingleton<CredentialAnswers>();
        services.AddSingleton(LinkPatience.Default);
        services.AddSingleton<LinkWait>();
        services.AddSingleton<BackendForwarder>();
        services.AddSingleton<InnerRequests>();
        services.AddSingleton<BuiltinCalls>();
        services.AddSingleton<McpDispatcher>();
        services.AddSingleton<McpRecorder>();
        services.AddSingleton<MessageReader>();
        services.AddSingleton<MessageHandler>();
        services.AddSingleton<BatchHandler>();
        services.AddSingleton<RequestLenses>();
        services.AddSingleton<McpIngress>();
    }

    /// <summary>Records what is refused ahead of the MCP layer; call it before whatever may refuse.</summary>
    internal static void UseRefusalAudit(this WebApplication app) => app.UseMiddleware<RefusalAudit>();

    /// <summary>Refuses foreign origins; call it before CORS and authentication.</summary>
    internal static void UseMcpOrigin(this WebApplication app) => app.UseMiddleware<OriginMiddleware>();

    /// <summary>Holds callers to their limits; call it once callers are known.</summary>
    internal static void UseRequestLimits(this WebApplication app) => app.UseMiddleware<RequestLimits>();

    /// <summary>Maps YARP with the ingress ahead of its own steps.</summary>
    internal static void MapMcp(this WebApplication app) => app.MapReverseProxy(proxy =>
    {
        var ingress = proxy.ApplicationServices.GetRequiredService<McpIngress>();
        proxy.Use(ingress.InvokeAsync);
        proxy.UseSessionAffinity();
        proxy.UseLoadBalancing();
        proxy.UsePassiveHealthChecks();
        proxy.Use(DeadlineHealthMiddleware.InvokeAsync);
    });
}
