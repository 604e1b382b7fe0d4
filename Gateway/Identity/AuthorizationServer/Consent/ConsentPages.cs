using Cortex.Foundation.Pages;
using Cortex.Identity.AuthorizationServer.ClientDocuments;
using Cortex.Identity.AuthorizationServer.Registration;
using Cortex.Identity.Callers;
using OpenIddict.Abstractions;

namespace Cortex.Identity.AuthorizationServer.Consent;

/// <summary>Shows the consent page for a question.</summary>
internal sealed class ConsentPages(IOpenIddictApplicationManager clients, ClientRegistry registry, ConsentSeal seal, FormTokens tokens)
{
    public async Task<IResult> ShowAsync(HttpContext context, OpenIddictRequest request, AuthorizationQuery query, ConsentQuestion question)
    {
        var person = question.Person;
        var form = new ConsentForm(
            tokens.Issue(context),
            query.Parameters,
            person.Name ?? person.Email ?? person.Id.Value,
            person.Email ?? person.Id.Value,
            query.ReturnUrl.SignInPath,
            await DescribeAsync(request, context.RequestAborted),
            [.. question.Scopes.Select(scope => KeyValuePair.Create(scope.Value, ScopeWords.Describe(scope)))],
            seal.Seal(question));
        return Page.Show<ConsentPage>(context, new Dictionary<string, object?> { [nameof(ConsentPage.Form)] = form });
    }

    /// <summary>Where the answer to a request in order goes.</summary>
    public async ValueTask<Uri> RedirectUriOfAsync(OpenIddictRequest request, CancellationToken cancellationToken) => new(
        request.RedirectUri ?? (await clients.GetRedirectUrisAsync(await FindAsync(request, cancellationToken), cancellationToken))[0]);

    private async ValueTask<object> FindAsync(OpenIddictRequest request, CancellationToken cancellationToken) =>
        await clients.FindByClientIdAsync(request.ClientId!, cancellationToken)
        ?? throw new InvalidOperationException($"Client '{request.ClientId}' vanished between two steps of one request.");

    private async Task<ConsentClient> DescribeAsync(OpenIddictRequest request, CancellationToken cancellationToken)
    {
        var client = await FindAsync(request, cancellationToken);
        var name = await clients.GetDisplayNameAsync(client, cancellationToken);
        var metadata = await registry.FindMetadataAsync(client, cancellationToken);
        var redirectUri = await RedirectUriOfAsync(request, cancellationToken);
        return new ConsentClient(
            string.IsNullOrEmpty(name) ? request.ClientId! : name,
            metadata?.ClientUri,
            ClientNames.NameDestination(redirectUri),
            RedirectUriPolicy.IsLoopback(redirectUri),
            ClientIdUrl.TryParse(request.ClientId, out var id) ? id.Host : null,
            metadata?.RedirectUris is { Count: > 0 } all && all.All(uri => RedirectUriPolicy.IsLoopback(new Uri(uri))));
    }
}
