using Cortex.Catalog;
using Cortex.Foundation.Model;

namespace Cortex.Mcp.Answers;

/// <summary><c>prompts/list</c>: the prompts that the caller may get.</summary>
internal sealed class PromptsListMethod(CatalogList list) : IAnsweredMethod
{
    public string Name => "prompts/list";

    public IReadOnlyList<Era> Eras { get; } = [Era.Legacy, Era.Modern];

    public ValueTask<AnswerResult> AnswerAsync(McpExchange exchange, CancellationToken cancellationToken) =>
        ValueTask.FromResult(list.Answer(exchange, CatalogKind.Prompt));
}
