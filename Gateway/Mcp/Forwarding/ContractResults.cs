using Cortex.Backends.Contract;
using Cortex.Catalog;
using Cortex.Foundation.Observability;
using Cortex.Mcp.Wire;

namespace Cortex.Mcp.Forwarding;

/// <summary>
/// The answer for each outcome of a contract call. The three refusals are told apart: the backend does not know the caller, a scope is
/// missing, or the app itself says no.
/// </summary>
internal static class ContractResults
{
    private static readonly CacheHint NotCached = new(TimeSpan.Zero, IsPrivate: true);

    /// <param name="uris">The public URIs of the resources that the result mentions.</param>
    public static ContractAnswer Read(McpExchange exchange, CatalogItem item, ContractOutcome outcome, ResourceUris uris)
    {
        if (outcome is ContractOutcome.Returned returned)
        {
            if (ReadReturned(exchange, item, returned.Json, uris) is { } content)
                return new ContractAnswer.Result(content);
            outcome = new ContractOutcome.NotJson(null);
        }

        var (failure, word) = Classify(outcome);
        exchange.Fail(failure, word, ContractOutcomeText.ForOperators(outcome is ContractOutcome.Failed failed ? failed with { Error = null } : outcome));
        return outcome is ContractOutcome.Failed { Status: 404 } && item.Kind is CatalogKind.Resource or CatalogKind.Template
            ? new ContractAnswer.Error(McpError.NoSuchResource(exchange.Message.Text(McpMembers.Uri)!, exchange.Era))
            : new ContractAnswer.Failure(Text(item, outcome));
    }

    /// <summary>The result that a returned value makes; null when it is not what the contract asks for.</summary>
    private static ResultContent? ReadReturned(McpExchange exchange, CatalogItem item, ReadOnlyMemory<byte> json, ResourceUris uris)
    {
        if (item.Kind == CatalogKind.Tool && !ContractToolResult.Is(json.Span))
            return ToolResults.Value(json.Span);
        if (!ResourceUriRules.TryToPublicResult(json, uris, item.Backend.Id, out var result))
            return null;
        return item.Kind switch
        {
            CatalogKind.Tool => Note(exchange, ContractToolResult.Read(result)),
            CatalogKind.Prompt => ContractObject.TryRead(result, "messages"),
            _ => ContractObject.TryRead(result, "contents") is { } contents ? contents with { Caching = NotCached } : null,
        };
    }

    private static ResultContent Note(McpExchange exchange, ContractToolResult result)
    {
        if (result.IsError)
            exchange.Fail(McpFailure.ToolError, "error", "the tool reported an error");
        return result.Content;
    }

    private static (McpFailure Failure, string Word) Classify(ContractOutcome outcome) => outcome switch
    {
        ContractOutcome.NotAuthenticated => (McpFailure.ToolError, "error"),
        ContractOutcome.ScopeMissing or ContractOutcome.Denied => (McpFailure.ToolError, "denied"),
        ContractOutcome.Failed => (McpFailure.ToolError, "error"),
        ContractOutcome.TimedOut => (McpFailure.Timeout, "timeout"),
        ContractOutcome.Unreachable => (McpFailure.Unreachable, "error"),
        _ => (McpFailure.BadReply, "error"),
    };

    private static string Text(CatalogItem item, ContractOutcome outcome)
    {
        var backend = item.Backend.Id;
        return outcome switch
        {
            ContractOutcome.NotAuthenticated not =>
                $"Not authenticated: backend '{backend}' does not accept the gateway's token for this person{Quote(not.Error)}. Retrying will not help; an operator must check the backend's issuer and audience.",
            ContractOutcome.ScopeMissing missing =>
                $"Scope missing: backend '{backend}' requires the scope '{missing.Required}' for '{item.PublicName}'. Ask the person to connect again and grant it.",
            ContractOutcome.Denied denied =>
                $"Denied by the app: backend '{backend}' refuses '{item.PublicName}' for this person{Quote(denied.Error)}. The person's permissions in the app decide; another scope will not help.",
            ContractOutcome.Failed { Status: >= 400 and < 500 } failed =>
                $"Backend '{backend}' could not do '{item.PublicName}'{Quote(failed.Error)}. Correct the arguments and call again (HTTP {failed.Status}).",
            ContractOutcome.Failed failed =>
                $"Backend '{backend}' failed at '{item.PublicName}'{Quote(failed.Error)}. Try again later (HTTP {failed.Status}).",
            ContractOutcome.NotJson =>
                $"Backend '{backend}' answered '{item.PublicName}' with something that is not {(item.Kind == CatalogKind.Tool ? "JSON" : "what the contract asks for")}. Retrying will not help; an operator must mend the backend.",
            ContractOutcome.Oversized oversized =>
                $"Backend '{backend}' answered '{item.PublicName}' with more than {oversized.MaxBytes} bytes. Ask for less, for example with a filter or a limit.",
            ContractOutcome.TimedOut timedOut =>
                $"Backend '{backend}' did not answer '{item.PublicName}' within {timedOut.After.TotalSeconds:0.#} s. It may have been done all the same; check before calling again.",
            _ => $"Backend '{backend}' can't be reached at the moment. Other apps still work; try '{item.PublicName}' again later.",
        };
    }

    private static string Quote(string? error) => error is null ? "" : $": {error.TrimEnd('.')}";
}

/// <summary>What a contract call is answered with.</summary>
internal abstract record ContractAnswer
{
    private ContractAnswer()
    {
    }

    internal sealed record Result(ResultContent Content) : ContractAnswer;

    internal sealed record Error(McpError Value) : ContractAnswer;

    /// <summary>A failure, in one sentence for the agent.</summary>
    internal sealed record Failure(string Text) : ContractAnswer;
}
