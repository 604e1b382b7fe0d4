using Cortex.Identity.AuthorizationServer.ClientDocuments;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Cortex.Identity.AuthorizationServer.Protocol;

/// <summary>
/// Sends the error of a malformed authorization request to the client, with <c>state</c> and <c>iss</c>, when client and redirect URI are
/// beyond doubt (<see href="https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1">RFC 6749, section 4.1.2.1</see>). OpenIddict would show
/// it to the person, and the client would wait for ever. An unknown client or foreign redirect URI is still never redirected to.
/// </summary>
internal sealed class RedirectErrors(IOpenIddictApplicationManager clients) : IOpenIddictServerHandler<ApplyAuthorizationResponseContext>
{
    /// <summary>After OpenIddict found no address to answer to, before it chooses the response mode.</summary>
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ApplyAuthorizationResponseContext>()
            .UseScopedHandler<RedirectErrors>()
            .SetOrder(OpenIddictServerHandlers.Authentication.AttachRedirectUri.Descriptor.Order + 500)
            .SetType(OpenIddictServerHandlerType.Custom)
            .Build();

    public async ValueTask HandleAsync(ApplyAuthorizationResponseContext context)
    {
        if (context.RedirectUri is not null || string.IsNullOrEmpty(context.Error) || context.Request?.ClientId is not { Length: > 0 } clientId || ResolveClientDocument.HasRefused(context.Transaction))
            return;
        if (await clients.FindByClientIdAsync(clientId, context.CancellationToken) is not { } client)
            return;
        context.RedirectUri = await FindRedirectUriAsync(client, context.Request.RedirectUri, context.CancellationToken);
        if (context.RedirectUri is not null)
            context.Request.ResponseMode = OpenIddictConstants.ResponseModes.Query;
    }

    private async Task<string?> FindRedirectUriAsync(object client, string? requested, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(requested))
        {
            var registered = await clients.GetRedirectUrisAsync(client, cancellationToken);
            return registered is [var only] ? only : null;
        }

        return await clients.ValidateRedirectUriAsync(client, requested, cancellationToken) ? requested : null;
    }
}
