using Cortex.Foundation.Model;
using Cortex.Identity.Callers;
using Cortex.Identity.Entitlements;
using Cortex.Identity.Linking;
using Cortex.Identity.Vault;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cortex.Console.Operators;

/// <summary><c>/api/admin/persons/{id}/links</c>: what a person linked at third parties. Operators can end it, never see or use it.</summary>
internal static class LinkEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        var links = api.MapGroup("/persons/{id}/links").WithTags("persons");
        links.MapGet("/", ListAsync).ForOperators(AdminScopes.ToRead(AdminScopes.Persons), "How a person's accounts stand at the backends where accounts are linked")
            .ProducesProblem(StatusCodes.Status404NotFound);
        links.MapDelete("/{backend}", DeleteAsync).ForOperators(AdminScopes.Persons, "Unlinks an account, and takes it back at the provider as far as that can be told")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Results<Ok<IReadOnlyList<LinkView>>, ProblemHttpResult>> ListAsync(
        string id, PersonRecords persons, PersonLinks links, CancellationToken cancellationToken) =>
        await FindAsync(id, persons, cancellationToken) is { } person
            ? TypedResults.Ok<IReadOnlyList<LinkView>>([.. (await links.ListAsync(person, cancellationToken)).Select(LinkView.Of)])
            : NotFound($"There is no person '{id}'.");

    private static async Task<Results<Ok<EndedLink>, ProblemHttpResult>> DeleteAsync(
        string id, string backend, HttpContext http, PersonRecords persons, PersonLinks links, LinkedGrants grants, OperatorAudit audit)
    {
        if (await FindAsync(id, persons, http.RequestAborted) is not { } person)
            return NotFound($"There is no person '{id}'.");
        var before = (await links.ListAsync(person, http.RequestAborted)).FirstOrDefault(link => link.Id.Value == backend && link.Account is not null);
        if (before is null || await grants.EndAsync(new GrantKey(person, before.Id), "an operator", http.RequestAborted) is not UnlinkResult.Unlinked(var isRevoked))
            return NotFound("The person has linked no account at a backend of this name.");
        var state = PersonLinkState.Of(before);
        await audit.WriteAsync(http, "person.unlink", person, state, state with { State = LinkView.Word(LinkStanding.NotLinked) }, OperatorJson.Default.PersonLinkState);
        return TypedResults.Ok(new EndedLink(before.Id.Value, isRevoked));
    }

    private static async Task<PersonId?> FindAsync(string id, PersonRecords persons, CancellationToken cancellationToken) =>
        PersonId.TryParse(id, out var person) && await persons.FindAsync(person, cancellationToken) is not null ? person : null;

    private static ProblemHttpResult NotFound(string detail) => TypedResults.Problem(detail, statusCode: StatusCodes.Status404NotFound);
}
