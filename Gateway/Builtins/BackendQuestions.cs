using System.Text.Json;
using Cortex.Backends;
using Cortex.Backends.Contract;
using Cortex.Identity.Credentials;

namespace Cortex.Builtins;

/// <summary>Asks contract backends something of the contract in the name of a caller, all at once, each within <see cref="Patience"/> and <see cref="ContractMethods.MaxSelfDescription"/>.</summary>
internal sealed class BackendQuestions(ContractClient client, CredentialResolver credentials)
{
    /// <summary>Longest wait for one backend.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>The answer of each backend, in their order.</summary>
    public async Task<IReadOnlyList<BackendAnswer>> AskAsync(
        BuiltinCall call, IEnumerable<BackendState> backends, string method, CancellationToken cancellationToken) =>
        await Task.WhenAll(backends.Select(backend => AskAsync(call, backend, method, cancellationToken)));

    private async Task<BackendAnswer> AskAsync(BuiltinCall call, BackendState backend, string method, CancellationToken cancellationToken)
    {
        if (backend.Definition.Kind != BackendKind.Contract)
            return new BackendAnswer(backend, null, backend.Problem);
        if (backend.State != BackendHealth.Ready)
            return new BackendAnswer(backend, null, "It can't be reached at the moment.");
        switch (await credentials.ResolveAsync(call.Caller, backend.Definition, call.Http, cancellationToken))
        {
            case CredentialResult.Granted granted:
                var patience = backend.Definition.Options.Timeout < Patience ? backend.Definition.Options.Timeout : Patience;
                return Read(backend, method, await client.CallAsync(backend.Definition, granted.Headers, method, default, patience, cancellationToken));
            case CredentialResult.LinkNeeded needed:
                return new BackendAnswer(backend, null, needed.Reason);
            case CredentialResult.Refused refused:
                return new BackendAnswer(backend, null, refused.Reason);
            default:
                throw new InvalidOperationException("Resolving a credential ended in no known way.");
        }
    }

    private static BackendAnswer Read(BackendState backend, string method, ContractOutcome outcome) => outcome switch
    {
        _ when UnknownMethod.Means(outcome) => new BackendAnswer(backend, null, null),
        ContractOutcome.Returned { Json.Length: > ContractMethods.MaxSelfDescription } => new BackendAnswer(
            backend, null, $"{method} failed: its answer has more than {ContractMethods.MaxSelfDescription} bytes."),
        ContractOutcome.Returned returned => new BackendAnswer(backend, JsonDocument.Parse(returned.Json).RootElement, null),
        _ => new BackendAnswer(backend, null, $"{method} failed: {ContractOutcomeText.ForOperators(outcome)}"),
    };
}

/// <summary>What one backend answered.</summary>
/// <param name="Backend">The backend.</param>
/// <param name="Value">Its answer; null when it has none to give.</param>
/// <param name="Problem">Why there is none, one sentence; null when there is one, or when the backend does not know the question.</param>
internal sealed record BackendAnswer(BackendState Backend, JsonElement? Value, string? Problem);
