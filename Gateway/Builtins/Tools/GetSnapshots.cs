using System.ComponentModel;
using System.Text.Json;
using Cortex.Backends.Contract;
using Cortex.Foundation.Model;

namespace Cortex.Builtins.Tools;

/// <summary><c>get_snapshots</c>: the snapshots of all apps in one envelope.</summary>
internal sealed class GetSnapshots(BackendStates states, BackendQuestions questions, TimeProvider time) : Builtin<GetSnapshots.Arguments, GetSnapshots.Answered>(
    BuiltinNames.GetSnapshots,
    "Snapshots of all apps",
    "Gets each app's own short summary of its present state for this person, all apps at once. Use it for an overview before going into one app.",
    isReadOnly: true)
{
    protected override async ValueTask<BuiltinResult> CallAsync(BuiltinCall call, Arguments arguments, CancellationToken cancellationToken)
    {
        var known = states.For(call);
        if (arguments.Apps?.FirstOrDefault(app => known.All(backend => backend.Definition.Id.Value != app)) is { } unknown)
            return new BuiltinResult.Failed($"There is no app '{unknown}' that you may use; these are: {string.Join(", ", known.Select(backend => backend.Definition.Id))}.");
        var asked = known.Where(backend => arguments.Apps?.Contains(backend.Definition.Id.Value) ?? true);
        var answers = await questions.AskAsync(call, asked, ContractMethods.GetSnapshot, cancellationToken);
        return Answer(new Answered(
            time.GetUtcNow(),
            [.. answers.Where(answer => answer.Value is not null || answer.Problem is not null)
                .Select(answer => new Snapshot(answer.Backend.Definition.Id.Value, answer.Value, answer.Problem))]));
    }

    /// <summary>The arguments.</summary>
    internal sealed record Arguments([property: Description("Ids of the apps to ask; all when left out. whoami lists them.")] IReadOnlyList<string>? Apps = null);

    /// <summary>The answer.</summary>
    internal sealed record Answered(DateTimeOffset TakenAt, [property: Description("One for each app that offers a snapshot, or failed to.")] IReadOnlyList<Snapshot> Snapshots);

    /// <summary>The snapshot of one app.</summary>
    internal sealed record Snapshot(string App, JsonElement? Value, [property: Description("Why there is none; null when there is.")] string? Problem);
}
