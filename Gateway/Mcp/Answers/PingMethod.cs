using Cortex.Foundation.Model;
using Cortex.Mcp.Wire;

namespace Cortex.Mcp.Answers;

/// <summary><c>ping</c>: the empty result, at once.</summary>
internal sealed class PingMethod : IAnsweredMethod
{
    public string Name => "ping";

    public IReadOnlyList<Era> Eras { get; } = [Era.Legacy];

    public ValueTask<AnswerResult> AnswerAsync(McpExchange exchange, CancellationToken cancellationToken) =>
        ValueTask.FromResult<AnswerResult>(new AnswerResult.Result(ResultContent.Empty));
}
