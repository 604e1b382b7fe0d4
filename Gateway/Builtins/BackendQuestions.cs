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

    /// <summary>Containers that may be open at once in an answer, so that it fits into one that holds those of all.</summary>
    private const int MaxDepth = 32;

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
        var patience = backend.Definition.Options.Timeout < Patience ? backend.Definition.Options.Timeout : Patience;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            return await AskAsync(call, backend, method, patience, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new BackendAnswer(backend, null, $"{method} failed: there was no answer in time.");
        }
    }

    private async Task<BackendAnswer> AskAsync(BuiltinCall call, BackendState backend, string method, TimeSpan patience, CancellationToken cancellationToken) =>
        await credentials.ResolveAsync(call.Caller, backend.Definition, call.Http, cancellationToken) switch
        {
            CredentialResult.Granted granted => Read(
                backend, method, await client.CallAsync(backend.Definition, granted.Headers, method, default, patience, cancellationToken)),
            CredentialResult.LinkNeeded needed => new BackendAnswer(backend, null, needed.Reason),
            CredentialResult.Refused refused => new BackendAnswer(backend, null, refused.Reason),
            _ => throw new InvalidOperationException("Resolving a credential ended in no known way."),
        };

    private static BackendAnswer Read(BackendState backend, string method, ContractOutcome outcome) => outcome switch
    {
        _ when UnknownMethod.Means(outcome) => new BackendAnswer(backend, null, null),
        ContractOutcome.Returned { Json.Length: > ContractMethods.MaxSelfDescription } => new BackendAnswer(
            backend, null, $"{method} failed: its answer has more than {ContractMethods.MaxSelfDescription} bytes."),
        ContractOutcome.Returned returned when Find(returned.Json) is { } value => new BackendAnswer(backend, value, null),
        ContractOutcome.Returned => new BackendAnswer(backend, null, $"{method} failed: its answer is nested more than {MaxDepth} deep, or holds half a character."),
        _ => new BackendAnswer(backend, null, $"{method} failed: {ContractOutcomeText.ForOperators(outcome)}"),
    };

    /// <summary>The answer as a value that can be put beside others; null when it can't be written again.</summary>
    private static JsonElement? Find(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });
            using var trial = new Utf8JsonWriter(Stream.Null);
            document.RootElement.WriteTo(trial);
            return document.RootElement.Clone();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }
}

/// <summary>What one backend answered.</summary>
/// <param name="Backend">The backend.</param>
/// <param name="Value">Its answer; null when it has none to give.</param>
/// <param name="Problem">Why there is none, one sentence; null when there is one, or when the backend does not know the question.</param>
internal sealed record BackendAnswer(BackendState Backend, JsonElement? Value, string? Problem);
