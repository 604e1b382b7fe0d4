using Cortex.Catalog;
using Cortex.Foundation.Model;

namespace Cortex.Mcp.Answers;

/// <summary><c>tools/list</c>: the tools that the caller may call.</summary>
internal sealed class ToolsListMethod(CatalogList list) : IAnsweredMethod
{
    public string Name => "tools/list";

    public IReadOnlyList<Era> Eras { get; } = [Era.Legacy, Era.Modern];

    public ValueTask<AnswerResult> AnswerAsync(McpExchange exchange, CancellationToken cancellationToken) =>
        ValueTask.FromResult(list.Answer(exchange, CatalogKind.Tool));
}
