using Cortex.Foundation.Pages;
using Cortex.Identity.Callers;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

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
        if (!pages.Offers(this) || providers.Find(provider) is not { } chosen)
            return Results.NotFound();
        var person = await session.FindAsync(context);
        if (!await tokens.IsValidAsync(context))
            return Page.ShowExpiredForm(context);

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var returnUrl = ReturnUrl.ParseOrDefault(form["return"]);
        var scheme = OidcPaths.Scheme(provider);
        try
        {
            var metadata = await handlers.Get(scheme).ConfigurationManager!.GetConfigurationAsync(context.RequestAborted);
            if (metadata.Issuer != chosen.Options.Issuer)
                return notices.ShowUnreachable(context, chosen, returnUrl, null, $"its metadata is of the issuer '{metadata.Issuer}', and '{chosen.Options.Issuer}' is configured");
        }
        catch (InvalidOperationException exception)
        {
            return notices.ShowUnreachable(context, chosen, returnUrl, exception, "its metadata can't be had");
        }

        var properties = new AuthenticationProperties { RedirectUri = returnUrl.Path };
        if (person is not null)
            properties.Items[ProviderEvents.AskAgain] = "";
        try
        {
            await context.ChallengeAsync(scheme, properties);
            return Results.Empty;
        }
        catch (Exception exception) when (IsRefusal(exception, context.RequestAborted))
        {
            return notices.ShowUnreachable(context, chosen, returnUrl, exception, "it does not take the request that was pushed to it; look at clientId, clientSecret and the redirect URI that is registered there");
        }
    }

    /// <summary>What ASP.NET's handler throws where a provider that has requests pushed to it (RFC 9126) refuses one, or is gone by then.</summary>
    private static bool IsRefusal(Exception exception, CancellationToken aborted) => exception is OpenIdConnectProtocolException or InvalidOperationException or HttpRequestException
        || (exception is OperationCanceledException && !aborted.IsCancellationRequested);
}
