using System.ComponentModel;
using System.Text.Json;
using Cortex.Backends;
using Cortex.Backends.Contract;
using Cortex.Catalog;
using Cortex.Foundation.Model;
using Cortex.Identity.Linking;

namespace Cortex.Builtins.Tools;

/// <summary><c>whoami</c>: the caller as the gateway knows them, and as each app does. An app that fails is a line, not an error.</summary>
internal sealed class WhoAmI(BackendStates states, BackendQuestions questions, PersonLinks links) : Builtin<NoArguments, WhoAmI.Answered>(
    BuiltinNames.WhoAmI,
    "Who am I",
    "Tells who you act for, with which scopes and plan, which apps you can use now, and what each app knows of this person. Call it first when a permission is unclear.",
    isReadOnly: true)
{
    protected override async ValueTask<BuiltinResult> CallAsync(BuiltinCall call, NoArguments arguments, CancellationToken cancellationToken)
    {
        var caller = call.Caller;
        var seen = states.For(call);
        var answers = await questions.AskAsync(call, seen, ContractMethods.WhoAmI, cancellationToken);
        return Answer(new Answered(
            caller.Person is { } person ? new PersonAnswer(person.Id.Value, person.Name, person.Email, person.EmailVerified) : null,
            caller.ClientId,
            caller.Plan,
            caller.PlanDisplayName,
            [.. caller.Scopes.Select(scope => scope.Value).Where(scope => scope != "offline_access")],
            caller.ExpiresAt,
            call.Catalog.Toolset?.Id.Value,
            [.. answers.Select(answer => new AppAnswer(
                answer.Backend.Definition.Id.Value, answer.Backend.State, answer.Backend.Count(CatalogKind.Tool), answer.Value, answer.Problem))],
            await LinksAsync(caller, seen, cancellationToken)));
    }

    /// <summary>The accounts of the apps that the caller may know of.</summary>
    private async Task<IReadOnlyList<LinkAnswer>> LinksAsync(Caller caller, IReadOnlyList<BackendState> seen, CancellationToken cancellationToken)
    {
        if (caller.Person is null || !seen.Any(app => app.Definition.Auth == BackendAuth.LinkedAccount))
            return [];
        var all = await links.ListAsync(caller.Person.Id, cancellationToken);
        return [.. all.Where(link => seen.Any(app => app.Definition.Id == link.Id)).Select(link => new LinkAnswer(link.Id.Value, link.Standing, link.Provider))];
    }

    /// <summary>The answer.</summary>
    internal sealed record Answered(
        [property: Description("The signed-in person; null for a machine client.")] PersonAnswer? Person,
        [property: Description("The OAuth client that acts.")] string Client,
        [property: Description("The person's plan; null when plans limit nothing.")] string? Plan,
        [property: Description("What the plan is called; null when it has no name but its own.")] string? PlanDisplayName,
        [property: Description("Scopes that count now.")] IReadOnlyList<string> Scopes,
        [property: Description("When the access token ends.")] DateTimeOffset ExpiresAt,
        [property: Description("The toolset you are connected to, which shows a part of what there is; null for the whole endpoint.")] string? Toolset,
        [property: Description("The apps behind this endpoint.")] IReadOnlyList<AppAnswer> Apps,
        [property: Description("The apps at which the person acts with an account of their own, and how it stands. One that is not linked is linked by calling any of its tools, or on the gateway's page /account.")] IReadOnlyList<LinkAnswer> LinkedAccounts);

    /// <summary>A person.</summary>
    internal sealed record PersonAnswer(string Id, string? Name, string? Email, bool EmailVerified);

    /// <summary>One account.</summary>
    internal sealed record LinkAnswer(
        string Backend,
        LinkStanding State,
        [property: Description("Who granted it; null when it is not linked.")] string? Provider);

    /// <summary>One app.</summary>
    internal sealed record AppAnswer(
        string Id,
        BackendHealth State,
        [property: Description("Number of its tools that you may call.")] int Tools,
        [property: Description("What the app itself says of this person; null when it says nothing.")] JsonElement? WhoAmI,
        [property: Description("Why the app did not say; null when nothing is wrong.")] string? Problem);
}
