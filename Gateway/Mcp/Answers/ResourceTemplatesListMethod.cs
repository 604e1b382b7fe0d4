using Cortex.Catalog;
using Cortex.Foundation.Model;

namespace Cortex.Mcp.Answers;

/// <summary><c>resources/templates/list</c>: the URI templates whose resources the caller may read.</summary>
internal sealed class ResourceTemplatesListMethod(CatalogList list) : IAnsweredMethod
{
    public string Name => "resources/templates/list";

    public IReadOnlyList<Era> Eras { get; } = [Era.Legacy, Era.Modern];

    public ValueTask<AnswerResult> AnswerAsync(McpExchange exchange, CancellationToken cancellationToken) =>
        ValueTask.FromResult(list.Answer(exchange, CatalogKind.Template));
}
