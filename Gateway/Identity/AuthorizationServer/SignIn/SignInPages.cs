using Cortex.Foundation.Pages;
using Cortex.Identity.Callers;
using Microsoft.Extensions.Options;

namespace Cortex.Identity.AuthorizationServer.SignIn;

/// <summary>Shows the sign-in page with whatever the configuration offers now.</summary>
internal sealed class SignInPages(IEnumerable<SignInMethod> methods, PersonSession session, FormTokens tokens, IOptionsMonitor<IdentityOptions> identity)
{
    /// <summary>The methods offered now, in the order of the configuration; issuers with a browser client come last where <c>signIn</c> does not name oidc.</summary>
    private IEnumerable<SignInMethod> Offered => (Options.Enabled ? Options.SignIn : [])
        .Concat(identity.CurrentValue.Issuers.Any(issuer => issuer.BrowserClient is not null) ? [SignInKind.Oidc] : [])
        .Distinct()
        .SelectMany(kind => methods.Where(method => method.Kind == kind))
        .Where(method => method.MayRun(Options));

    private AuthorizationServerOptions Options => identity.CurrentValue.AuthorizationServer;

    public bool Offers(SignInMethod method) => Offered.Contains(method);

    /// <summary>The page; with an error it is a 400.</summary>
    public async Task<IResult> ShowAsync(HttpContext context, ReturnUrl returnUrl, string? error = null)
    {
        var person = await session.FindAsync(context);
        var parameters = new Dictionary<string, object?>
        {
            [nameof(SignInPage.Form)] = new SignInForm(tokens.Issue(context), returnUrl.Path, error),
            [nameof(SignInPage.Sections)] = Offered.Select(method => method.Section).ToArray(),
            [nameof(SignInPage.SignedInAs)] = person is null ? null : person.Name ?? person.Email ?? person.Id.Value,
        };
        return Page.Show<SignInPage>(context, parameters, error is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest);
    }
}
