using Cortex.Backends;
using Cortex.Foundation.Model;
using Cortex.Foundation.Pages;

namespace Cortex.Identity.Linking.Pages;

/// <summary>The pages of linking. Their addresses carry what is nobody else's business: they send no referrer.</summary>
internal static class LinkPages
{
    /// <summary>Says something, with the way on.</summary>
    /// <param name="context">The request.</param>
    /// <param name="status">Its status.</param>
    /// <param name="title">The heading.</param>
    /// <param name="text">What is so, and what to do.</param>
    /// <param name="person">Who is signed in; null for nobody.</param>
    /// <param name="again">The backend to begin anew at; null when that would not help.</param>
    public static IResult Say(HttpContext context, int status, string title, string text, Person? person, BackendId? again = null) => Show<LinkNoticePage>(
        context,
        new Dictionary<string, object?>
        {
            [nameof(LinkNoticePage.Title)] = title,
            [nameof(LinkNoticePage.Text)] = text,
            [nameof(LinkNoticePage.SignedInAs)] = person is null ? null : NameOf(person),
            [nameof(LinkNoticePage.Again)] = again is { } backend ? LinkPaths.StartOf(backend) : null,
        },
        status);

    /// <summary>Asks whether to go to the provider.</summary>
    public static IResult Ask(HttpContext context, Person person, FormToken token, BackendDefinition backend, LinkProvider provider, string scopes) => Show<LinkPage>(
        context,
        new Dictionary<string, object?>
        {
            [nameof(LinkPage.SignedInAs)] = NameOf(person),
            [nameof(LinkPage.Account)] = person.Email ?? person.Id.Value,
            [nameof(LinkPage.Token)] = token,
            [nameof(LinkPage.Address)] = context.Request.Path + context.Request.QueryString,
            [nameof(LinkPage.Backend)] = backend.Id.Value,
            [nameof(LinkPage.Server)] = backend.Destinations[0].Authority,
            [nameof(LinkPage.Provider)] = provider.Host,
            [nameof(LinkPage.Issuer)] = provider.Issuer,
            [nameof(LinkPage.Scopes)] = scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        },
        StatusCodes.Status200OK);

    private static string NameOf(Person person) => person.Name ?? person.Email ?? person.Id.Value;

    private static IResult Show<TPage>(HttpContext context, IReadOnlyDictionary<string, object?> parameters, int status)
        where TPage : Microsoft.AspNetCore.Components.IComponent
    {
        var result = Page.Show<TPage>(context, parameters, status);
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        return result;
    }
}
