using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace Cortex.Identity.Callers;

/// <summary>The floor of <see cref="CallerAuthentication.McpPolicy"/>: the token holds every scope of <c>identity.requiredScopes</c>.</summary>
internal sealed class RequiredScopes : IAuthorizationRequirement;

/// <summary>Judges <see cref="RequiredScopes"/> by the token of the request.</summary>
internal sealed class RequiredScopesHandler(IOptionsMonitor<IdentityOptions> options) : AuthorizationHandler<RequiredScopes>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, RequiredScopes requirement)
    {
        if (context.Resource is HttpContext http
            && http.Features.Get<ValidatedToken>() is { } token
            && options.CurrentValue.RequiredScopes.All(token.Scopes.Contains))
            context.Succeed(requirement);
        return Task.CompletedTask;
    }
}
