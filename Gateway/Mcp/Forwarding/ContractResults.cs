using Cortex.Backends.Contract;
using Cortex.Catalog;
using Cortex.Foundation.Observability;
using Cortex.Mcp.Wire;

namespace Cortex.Mcp.Forwarding;

/// <summary>
/// The tool result for each outcome of a contract call. The three refusals are told apart: the backend does not know the caller, a scope is
/// missing, or the app itself says no.
/// </summary>
internal static class ContractResults
{
    public static ResultContent Write(McpExchange exchange, CatalogItem tool, ContractOutcome outcome)
    {
        if (outcome is ContractOutcome.Returned returned)
            return ToolResults.Value(returned.Json.Span);
        var (failure, word) = Classify(outcome);
        exchange.Fail(failure, word, ContractOutcomeText.ForOperators(outcome is ContractOutcome.Failed failed ? failed with { Error = null } : outcome));
        return ToolResults.Error(Text(tool, outcome), exchange.TraceId);
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

    private static string Text(CatalogItem tool, ContractOutcome outcome)
    {
        var backend = tool.Backend.Id;
        return outcome switch
        {
            ContractOutcome.NotAuthenticated not =>
                $"Not authenticated: backend '{backend}' does not accept the gateway's token for this person{Quote(not.Error)}. Retrying will not help; an operator must check the backend's issuer and audience.",
            ContractOutcome.ScopeMissing missing =>
                $"Scope missing: backend '{backend}' requires the scope '{missing.Required}' for '{tool.PublicName}'. Ask the person to connect again and grant it.",
            ContractOutcome.Denied denied =>
                $"Denied by the app: backend '{backend}' refuses '{tool.PublicName}' for this person{Quote(denied.Error)}. The person's permissions in the app decide; another scope will not help.",
            ContractOutcome.Failed { Status: >= 400 and < 500 } failed =>
                $"Backend '{backend}' could not do '{tool.PublicName}'{Quote(failed.Error)}. Correct the arguments and call again (HTTP {failed.Status}).",
            ContractOutcome.Failed failed =>
                $"Backend '{backend}' failed at '{tool.PublicName}'{Quote(failed.Error)}. Try again later (HTTP {failed.Status}).",
            ContractOutcome.NotJson =>
                $"Backend '{backend}' answered '{tool.PublicName}' with something that is not JSON. Retrying will not help; an operator must mend the backend.",
            ContractOutcome.Oversized oversized =>
                $"Backend '{backend}' answered '{tool.PublicName}' with more than {oversized.MaxBytes} bytes. Ask for less, for example with a filter or a limit.",
            ContractOutcome.TimedOut timedOut =>
                $"Backend '{backend}' did not answer '{tool.PublicName}' within {timedOut.After.TotalSeconds:0.#} s. It may have been done all the same; check before calling again.",
            _ => $"Backend '{backend}' can't be reached at the moment. Other apps still work; try '{tool.PublicName}' again later.",
        };
    }

    private static string Quote(string? error) => error is null ? "" : $": {error.TrimEnd('.')}";
}
