using Cortex.Foundation.Model;
using Cortex.Foundation.Pages;
using Cortex.Identity.AuthorizationServer.SignIn;

namespace Cortex.Console.Account;

/// <summary>Shows <c>/account</c> with the sections of every room that has one.</summary>
internal sealed class AccountPages(IEnumerable<AccountSection> sections, PersonSession session, FormTokens tokens)
{
    public async Task<IResult> ShowAsync(HttpContext context)
    {
        if (await session.FindAsync(context) is not { } person)
            return Results.LocalRedirect(AccountPaths.Page.SignInPath);
        var token = tokens.Issue(context);
        var parts = new List<AccountPart>();
        foreach (var section in sections.OrderBy(section => section.Order))
        {
            if (await section.ShowAsync(person, token, context.RequestAborted) is { } part)
                parts.Add(part);
        }

        return Page.Show<AccountPage>(context, new Dictionary<string, object?>
        {
            [nameof(AccountPage.SignedInAs)] = NameOf(person),
            [nameof(AccountPage.Account)] = person.Email ?? person.Id.Value,
            [nameof(AccountPage.Token)] = token,
            [nameof(AccountPage.Notice)] = AccountNotice.Find(context.Request)?.Text,
            [nameof(AccountPage.Parts)] = parts,
        });
    }

    public static string NameOf(Person person) => person.Name ?? person.Email ?? person.Id.Value;
}
