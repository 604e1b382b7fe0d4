using System.ComponentModel;
using System.Text.Json;
using Cortex.Backends.Contract;
using Cortex.Catalog;
using Cortex.Foundation.Model;

namespace Cortex.Builtins.Tools;

/// <summary><c>whoami</c>: the caller as the gateway knows them, and as each app does. An app that fails is a line, not an error.</summary>
internal sealed class WhoAmI(BackendStates states, BackendQuestions questions) : Builtin<NoArguments, WhoAmI.Answered>(
    BuiltinNames.WhoAmI,
    "Who am I",
    "Tells who you act for, with which scopes and plan, which apps you can use now, and what each app knows of this person. Call it first when a permission is unclear.",
    isReadOnly: true)
{
    protected override async ValueTask<BuiltinResult> CallAsync(BuiltinCall call, NoArguments arguments, CancellationToken cancellationToken)
    {
        var caller = call.Caller;
        var answers = await questions.AskAsync(call, states.For(call.Caller, call.View), ContractMethods.WhoAmI, cancellationToken);
        return Answer(new Answered(
            caller.Person is { } person ? new PersonAnswer(person.Id.Value, person.Name, person.Email, person.EmailVerified) : null,
            caller.ClientId,
            caller.Plan,
            [.. caller.Scopes.Select(scope => scope.Value).Where(scope => scope != "offline_access")],
            caller.ExpiresAt,
            [.. answers.Select(answer => new AppAnswer(
                answer.Backend.Definition.Id.Value, answer.Backend.State, answer.Backend.Count(CatalogKind.Tool), answer.Value, answer.Problem))]));
    }

    /// <summary>The answer.</summary>
    internal sealed record Answered(
        [property: Description("The signed-in person; null for a machine client.")] PersonAnswer? Person,
        [property: Description("The OAuth client that acts.")] string Client,
        [property: Description("The person's plan; null when plans limit nothing.")] string? Plan,
        [property: Description("Scopes that count now.")] IReadOnlyList<string> Scopes,
        [property: Description("When the access token ends.")] DateTimeOffset ExpiresAt,
        [property: Description("The apps behind this endpoint.")] IReadOnlyList<AppAnswer> Apps);

    /// <summary>A person.</summary>
    internal sealed record PersonAnswer(string Id, string? Name, string? Email, bool EmailVerified);

    /// <summary>One app.</summary>
    internal sealed record AppAnswer(
        string Id,
        BackendHealth State,
        [property: Description("Number of its tools that you may call.")] int Tools,
        [property: Description("What the app itself says of this person; null when it says nothing.")] JsonElement? WhoAmI,
        [property: Description("Why the app did not say; null when nothing is wrong.")] string? Problem);
}
