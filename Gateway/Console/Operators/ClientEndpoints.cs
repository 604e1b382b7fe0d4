using Cortex.Identity.AuthorizationServer.Registration;
using Cortex.Identity.Callers;
using Cortex.Identity.Entitlements;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cortex.Console.Operators;

/// <summary><c>/api/admin/clients</c>. An id that is an address goes percent-encoded into the path.</summary>
internal static class ClientEndpoints
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 200;

    public static void Map(RouteGroupBuilder api)
    {
        var clients = api.MapGroup("/clients").WithTags("clients");
        clients.MapGet("/", ListAsync).ForOperators(AdminScopes.ToRead(AdminScopes.Clients), "Clients in the order of their ids")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        clients.MapGet("/{id}", ShowAsync).ForOperators(AdminScopes.ToRead(AdminScopes.Clients), "One client")
            .ProducesProblem(StatusCodes.Status404NotFound);
        clients.MapPost("/{id}/disable", DisableAsync).ForOperators(AdminScopes.Clients, "Shuts a client out at its next request; what persons granted it stays on record")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        clients.MapPost("/{id}/enable", EnableAsync).ForOperators(AdminScopes.Clients, "Lets a client in again; it goes on with what it was granted")
            .ProducesProblem(StatusCodes.Status404NotFound);
        clients.MapDelete("/{id}", DeleteAsync).ForOperators(AdminScopes.Clients, "Takes away a client that made itself known, with its grants, tokens and consents")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<Results<Ok<PageOfClients>, ProblemHttpResult>> ListAsync(
        ClientRecords clients, CancellationToken cancellationToken, string after = "", int limit = DefaultLimit)
    {
        if (limit is < 1 or > MaxLimit)
            return TypedResults.Problem($"limit is {limit}; write 1 to {MaxLimit}.", statusCode: StatusCodes.Status400BadRequest);
        var found = await clients.ListAsync(after, limit + 1, cancellationToken);
        ClientView[] items = [.. found.Take(limit).Select(ClientView.Of)];
        return TypedResults.Ok(new PageOfClients(items, found.Count > limit ? items[^1].Id : null));
    }

    private static async Task<Results<Ok<ClientView>, ProblemHttpResult>> ShowAsync(string id, ClientRecords clients, CancellationToken cancellationToken) =>
        await clients.FindAsync(Uri.UnescapeDataString(id), cancellationToken) is { } client ? TypedResults.Ok(ClientView.Of(client)) : NoSuchClient();

    private static async Task<Results<Ok<ClientView>, ProblemHttpResult>> DisableAsync(
        string id, HttpContext http, ClientRecords clients, DisabledClients disabled, OperatorAudit audit) =>
        Uri.UnescapeDataString(id) == http.GetCaller().ClientId
            ? TypedResults.Problem("This is the client you are calling with: you could not enable it again.", statusCode: StatusCodes.Status409Conflict)
            : await SetDisabledAsync(id, true, http, clients, disabled, audit);

    private static Task<Results<Ok<ClientView>, ProblemHttpResult>> EnableAsync(
        string id, HttpContext http, ClientRecords clients, DisabledClients disabled, OperatorAudit audit) =>
        SetDisabledAsync(id, false, http, clients, disabled, audit);

    private static async Task<Results<Ok<ClientView>, ProblemHttpResult>> SetDisabledAsync(
        string id, bool isDisabled, HttpContext http, ClientRecords clients, DisabledClients disabled, OperatorAudit audit)
    {
        if (await clients.FindAsync(Uri.UnescapeDataString(id), http.RequestAborted) is not { } record)
            return NoSuchClient();
        var before = ClientView.Of(record).ToState();
        if (await disabled.SetAsync(before.Id, isDisabled, CancellationToken.None))
            await audit.WriteAsync(http, "client.disabled", before.Id, before with { IsDisabled = !isDisabled }, before with { IsDisabled = isDisabled }, OperatorJson.Default.ClientState);
        return await ShowAsync(id, clients, http.RequestAborted);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        string id, HttpContext http, ClientRecords clients, ClientRemoval removal, DisabledClients disabled, Revocations revocations, OperatorAudit audit)
    {
        if (await clients.FindAsync(Uri.UnescapeDataString(id), http.RequestAborted) is not { } record)
            return NoSuchClient();
        var client = ClientView.Of(record);
        if (client.Origin == ClientView.Configured)
            return TypedResults.Problem("The client comes from the configuration; remove it from identity.authorizationServer.clients.", statusCode: StatusCodes.Status409Conflict);
        await removal.RemoveAsync(client.Id, CancellationToken.None);
        await disabled.SetAsync(client.Id, false, CancellationToken.None);
        await revocations.TellAllAsync();
        await audit.WriteRemovalAsync(http, "client.delete", client.Id, client.ToState(), OperatorJson.Default.ClientState);
        return TypedResults.NoContent();
    }

    private static ProblemHttpResult NoSuchClient() => TypedResults.Problem("There is no such client.", statusCode: StatusCodes.Status404NotFound);
}
