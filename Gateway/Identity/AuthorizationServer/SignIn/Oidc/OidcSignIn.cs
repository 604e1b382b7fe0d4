using Cortex.Foundation.Pages;
using Cortex.Identity.Callers;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;

namespace Cortex.Identity.AuthorizationServer.SignIn.Oidc;

/// <summary>
/// Sign-in at an OpenID Connect provider. The button posts here; ASP.NET's handler sends the browser there and takes its answer, and
/// <see cref="ProviderEvents"/> make it count.
/// </summary>
internal sealed class OidcSignIn : SignInMethod
{
    public override SignInKind Kind => SignInKind.Oidc;

    public override Type Section => typeof(OidcSection);

    public override void Map(IEndpointRouteBuilder endpoints) => endpoints.MapPost(OidcPaths.StartPattern, StartAsync);

    private async Task<IResult> StartAsync(
        string provider,
        HttpContext context,
        SignInPages pages,
        PersonSession session,
        FormTokens tokens,
        ProviderNotices notices,
        SignInProviders providers,
        IOptionsMonitor<OpenIdConnectOptions> handlers)
    {
        if (!pages.Offers(this) || providers.Find(provider) is not { Options: var options })
            return Results.NotFound();
        var person = await session.FindAsync(context);
        if (!await tokens.IsValidAsync(context))
            return Page.ShowExpiredForm(context);

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        try
        {
            var metadata = await handlers.Get(OidcPaths.Scheme(provider)).ConfigurationManager!.GetConfigurationAsync(context.RequestAborted);
            if (metadata.Issuer != options.Issuer)
                return notices.ShowUnreachable(context, provider, options, null, $"its metadata is of the issuer '{metadata.Issuer}', and '{options.Issuer}' is configured");
        }
        catch (InvalidOperationException exception)
        {
            return notices.ShowUnreachable(context, provider, options, exception, "its metadata can't be had");
        }

        var properties = new AuthenticationProperties { RedirectUri = ReturnUrl.ParseOrDefault(form["return"]).Path };
        if (person is not null)
            properties.Items[ProviderEvents.AskAgain] = "";
        return Results.Challenge(properties, [OidcPaths.Scheme(provider)]);
    }
}
