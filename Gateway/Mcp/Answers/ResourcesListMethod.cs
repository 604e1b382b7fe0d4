using Cortex.Catalog;
using Cortex.Foundation.Model;

namespace Cortex.Mcp.Answers;

/// <summary><c>resources/list</c>: the resources that the caller may read.</summary>
internal sealed class ResourcesListMethod(CatalogList list) : IAnsweredMethod
{
    public string Name => "resources/list";

    public IReadOnlyList<Era> Eras { get; } = [Era.Legacy, Era.Modern];

    public ValueTask<AnswerResult> AnswerAsync(McpExchange exchange, CancellationToken cancellationToken) =>
        ValueTask.FromResult(list.Answer(exchange, CatalogKind.Resource));
}
