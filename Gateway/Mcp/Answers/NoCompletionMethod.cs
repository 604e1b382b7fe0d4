using Cortex.Foundation.Model;
using Cortex.Mcp.Wire;

namespace Cortex.Mcp.Answers;

/// <summary><c>completion/complete</c> for a backend that completes nothing: no values. All others get the request themselves.</summary>
internal sealed class NoCompletionMethod : IAnsweredMethod
{
    private static readonly AnswerResult NoValues =
        new AnswerResult.Result(new ResultContent("\"completion\":{\"values\":[],\"total\":0,\"hasMore\":false}"u8.ToArray()));

    public string Name => "completion/complete";

    public IReadOnlyList<Era> Eras { get; } = [Era.Legacy, Era.Modern];

    public ValueTask<AnswerResult> AnswerAsync(McpExchange exchange, CancellationToken cancellationToken) => ValueTask.FromResult(NoValues);
}
