using Cortex.Foundation.Configuration;
using Cortex.Identity.Callers;
using Microsoft.AspNetCore.Mvc;

namespace Cortex.Console.Operators;

/// <summary>
/// The operator API, <c>/api/admin</c>: its own protected resource, its own scopes (<see cref="AdminScopes"/>), described by
/// <c>/api/admin/openapi.json</c>. Of two changes to one thing the last counts; each answers with what is so now, and is recorded with what was before.
/// </summary>
internal static class OperatorsRegistration
{
    private const string Root = "/api/admin";
    private const long MaxBodyBytes = 64 * 1024;

    internal static void AddOperators(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<OperatorAudit>();
        services.AddSingleton<TriageChanges>();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, OperatorJson.Default));
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = false);
        services.AddOpenApi(document =>
        {
            document.ShouldInclude = description => $"/{description.RelativePath}".StartsWith(Root, StringComparison.Ordinal);
            document.AddDocumentTransformer((openApi, _, _) =>
            {
                openApi.Info.Title = "Cortex Gateway operator API";
                openApi.Info.Description = $"Takes an access token for the audience <publicUrl>{Root} that holds the scope an operation names, or a wider one. "
                    + "Of two changes to one thing the last counts. Errors are problem details (RFC 9457).";
                return Task.CompletedTask;
            });
        });
    }

    internal static void MapOperators(this WebApplication app, LiveConfiguration configuration)
    {
        app.MapOpenApi($"{Root}/openapi.json").AllowAnonymous();
        var api = app.MapGroup(Root)
            .RequireAuthorization(CallerAuthentication.AdminPolicy)
            .WithMetadata(new RequestSizeLimitAttribute(MaxBodyBytes))
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
        PersonEndpoints.Map(api);
        LinkEndpoints.Map(api);
        PlanEndpoints.Map(api);
        if (configuration.Get<IdentityOptions>().AuthorizationServer.Enabled)
            ClientEndpoints.Map(api);
        KeyEndpoints.Map(api);
        ConfigEndpoints.Map(api);
        NeedEndpoints.Map(api);
        TicketEndpoints.Map(api);
        SendingEndpoints.Map(api);
        IntegrityEndpoints.Map(api);
    }
}
