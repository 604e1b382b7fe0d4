using Cortex.Foundation.Configuration;
using Cortex.Foundation.Pages;
using Cortex.Identity.Callers;

namespace Cortex.Identity.AuthorizationServer.SignIn;

/// <summary>Sign-in without proof, for development: pick a sample person or type any e-mail address.</summary>
internal sealed class DevelopmentSignIn(IHostEnvironment environment) : SignInMethod
{
    public override SignInKind Kind => SignInKind.Development;

    public override Type Section => typeof(DevelopmentSection);

    public override bool MayRun(AuthorizationServerOptions options) => DevelopmentSignInGuard.Allows(options, environment);

    public override void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost(ServerPaths.SignIn + "/development", HandleAsync);

    private async Task<IResult> HandleAsync(
        HttpContext context, SignInPages pages, PersonSession session, PersonStore persons, FormTokens tokens, GatewayAddresses addresses)
    {
        if (!pages.Offers(this))
            return Results.NotFound();
        await session.FindAsync(context);
        if (!await tokens.IsValidAsync(context))
            return Page.ShowExpiredForm(context);

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var returnUrl = ReturnUrl.ParseOrDefault(form["return"]);
        if (!EmailAddress.TryParse(form["email"], out var address))
            return await pages.ShowAsync(context, returnUrl, "That is not an e-mail address. Write one like alice@example.com.");

        var email = address.Value;

        // The address counts as verified: in development this server is the one that vouches for it.
        var claims = new PersonClaims(email, EmailVerified: true, SamplePeople.NameOf(email), Role: null, Pool: null);
        var person = await persons.EnsureAsync(addresses.Issuer, $"development|{email}", claims, context.RequestAborted);
        await session.SignInAsync(context, person, Kind);
        return Results.LocalRedirect(returnUrl.Path);
    }
}
