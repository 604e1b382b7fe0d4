using Cortex.Catalog.Personal;
using Cortex.Foundation.Model;
using Cortex.Foundation.Observability;
using Cortex.Identity.Callers;
using Cortex.Identity.Entitlements;
using Cortex.Mcp.Answers;
using Cortex.Mcp.Forwarding;
using Cortex.Mcp.Own;
using Cortex.Mcp.Relay;
using Cortex.Mcp.Wire;

namespace Cortex.Mcp;

/// <summary>Carries out what the router decides.</summary>
internal sealed class McpDispatcher(
    McpRouter router, PersonalCatalogs catalogs, BackendForwarder forwarder, BuiltinCalls builtins, ClientMessages client, McpReplies replies, ProtectedResources resources, KnownScopes known)
{
    public async Task DispatchAsync(McpExchange exchange, RequestDelegate next)
    {
        exchange.See(catalogs.For(exchange.Caller, exchange.Http, out var isWaiting));
        var decision = Route(exchange);
        if (isWaiting && IsPatient(exchange, decision))
        {
            exchange.See(await catalogs.SettleAsync(exchange.Caller, exchange.Http, exchange.Http.RequestAborted));
            decision = Route(exchange);
        }

        await CarryOutAsync(exchange, decision, next);
    }

    private async Task CarryOutAsync(McpExchange exchange, McpDecision decision, RequestDelegate next)
    {
        var aborted = exchange.Http.RequestAborted;
        switch (decision)
        {
            case McpDecision.Unwrap unwrap:
                exchange.Unwrap(unwrap.Inner);
                await CarryOutAsync(exchange, unwrap.Decision, next);
                break;
            case McpDecision.Forward { Item: var item } when MirrorCheck.Find(exchange, item) is { } mismatch:
                exchange.Item = item;
                await McpReplies.RejectAsync(exchange, mismatch, aborted);
                break;
            case McpDecision.Forward forward:
                await forwarder.ForwardAsync(exchange, forward.Item, next);
                break;
            case McpDecision.Builtin builtin:
                await builtins.AnswerAsync(exchange, builtin.Item, inner => DispatchAsync(inner, next));
                break;
            case McpDecision.Answer answer:
                exchange.Item = answer.Item;
                await AnswerAsync(exchange, answer.Method, aborted);
                break;
            case McpDecision.Accept:
                await AcceptAsync(exchange, aborted);
                break;
            case McpDecision.Reject reject:
                await McpReplies.RejectAsync(exchange, reject.Error, aborted);
                break;
            case McpDecision.Challenge challenge:
                await ChallengeAsync(exchange, challenge, aborted);
                break;
            case McpDecision.Withhold withheld:
                await WithholdAsync(exchange, withheld, aborted);
                break;
            case McpDecision.Explain explain:
                exchange.Item = explain.Item;
                exchange.Fail(McpFailure.InsufficientScope, "denied", $"the plan lacks '{explain.Missing}'");
                await replies.WriteFailureAsync(exchange, explain.Text, aborted);
                break;
        }
    }

    private McpDecision Route(McpExchange exchange) => router.Route(exchange.Message, exchange.Era, exchange.Caller, exchange.Catalog);

    /// <summary>True for what a catalog that is being read may still change: lists, and names that are not known. A call of something known waits for nothing.</summary>
    private static bool IsPatient(McpExchange exchange, McpDecision decision) =>
        decision is McpDecision.Reject or McpDecision.Builtin or McpDecision.Unwrap { Decision: McpDecision.Reject }
        || exchange.Message.Method is "tools/list" or "prompts/list" or "resources/list" or "resources/templates/list" or "subscriptions/listen";

    /// <summary>What wants no answer is accepted, or refused; within a batch nobody could tell such a refusal from an answer.</summary>
    private async Task AcceptAsync(McpExchange exchange, CancellationToken cancellationToken)
    {
        var refusal = await client.TakeAsync(exchange, cancellationToken);
        if (refusal is not null && !exchange.IsBatched)
        {
            await McpReplies.RejectAsync(exchange, refusal, cancellationToken);
            return;
        }

        if (refusal is not null)
            exchange.Fail(refusal.Code, refusal.Message);
        exchange.Http.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    private async Task AnswerAsync(McpExchange exchange, IAnsweredMethod method, CancellationToken cancellationToken)
    {
        switch (await method.AnswerAsync(exchange, cancellationToken))
        {
            case AnswerResult.Result result:
                await replies.WriteResultAsync(exchange, result.Content, cancellationToken);
                break;
            case AnswerResult.Error error:
                await McpReplies.RejectAsync(exchange, error.Value, cancellationToken);
                break;
            case AnswerResult.Streamed:
                break;
        }
    }

    /// <summary>Tools have results that an agent sees; for all else the parameters name what nobody may use.</summary>
    private async Task WithholdAsync(McpExchange exchange, McpDecision.Withhold withheld, CancellationToken cancellationToken)
    {
        exchange.Item = withheld.Item;
        if (exchange.Message.Method != "tools/call")
        {
            await McpReplies.RejectAsync(exchange, new McpError(StatusCodes.Status200OK, McpError.InvalidParams, withheld.Text), cancellationToken);
            return;
        }

        exchange.Fail(McpFailure.ToolError, "denied", "quarantined");
        await replies.WriteFailureAsync(exchange, withheld.Text, cancellationToken);
    }

    /// <summary>403 with the scopes to ask for: in the header for the client's OAuth code, in the body for whoever reads it.</summary>
    private async Task ChallengeAsync(McpExchange exchange, McpDecision.Challenge challenge, CancellationToken cancellationToken)
    {
        var text = $"'{challenge.Item.PublicName}' needs the scope '{challenge.Missing}'. Connect again and grant it.";
        exchange.Item = challenge.Item;
        exchange.Fail(McpFailure.InsufficientScope, "denied", $"the token lacks '{challenge.Missing}'");
        BearerChallenge
            .InsufficientScope(ScopeSet.Of(challenge.Missing), exchange.Caller.TokenScopes.Intersect(known.All), exchange.Era, text, resources.Of(exchange.Http.Request.Path).Metadata)
            .WriteTo(exchange.Http.Response);
        var error = new McpError(StatusCodes.Status403Forbidden, McpError.InvalidRequest, text);
        exchange.ResponseBytes += await McpReplies.WriteErrorAsync(exchange.Http.Response, exchange.Message.Id, error, exchange.TraceId, cancellationToken);
    }
}
