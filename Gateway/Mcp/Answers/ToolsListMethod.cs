using System.Buffers;
using Cortex.Catalog;
using Cortex.Foundation.JsonRpc;
using Cortex.Foundation.Model;
using Cortex.Foundation.Sealing;
using Cortex.Mcp.Wire;
using Microsoft.Extensions.Options;

namespace Cortex.Mcp.Answers;

/// <summary>
/// <c>tools/list</c>: what the caller's effective scopes allow, ordered by name, from the snapshot's bytes. Unpaged unless <c>paging.pageSize</c>
/// is set; a cursor is sealed to its owner and names the last tool shown, so that it stays good when the catalog changes.
/// </summary>
internal sealed class ToolsListMethod(CatalogStore catalog, IOptionsMonitor<PagingOptions> paging, Sealer sealer) : IAnsweredMethod
{
    private static readonly CacheHint Caching = new(TimeSpan.FromSeconds(30), IsPrivate: true);

    public string Name => "tools/list";

    public IReadOnlyList<Era> Eras { get; } = [Era.Legacy, Era.Modern];

    public ValueTask<AnswerResult> AnswerAsync(McpExchange exchange, CancellationToken cancellationToken)
    {
        var view = catalog.Current.ViewFor(exchange.Caller.Scopes);
        var after = "";
        if (exchange.Message.Has(McpMembers.Cursor))
        {
            if (exchange.Message.Text(McpMembers.Cursor) is not { } cursor || sealer.TryOpenText(cursor, Purpose(exchange)) is not { } opened)
                return ValueTask.FromResult<AnswerResult>(new AnswerResult.Error(new McpError(
                    200, McpError.InvalidParams, "params.cursor is not a cursor of yours; list again without it.")));
            after = opened;
        }

        var pageSize = paging.CurrentValue.PageSize;
        var members = pageSize <= 0 && after.Length == 0 ? view.ToolsMember : WritePage(exchange, view, after, pageSize);
        return ValueTask.FromResult<AnswerResult>(new AnswerResult.Result(new ResultContent(members, Caching: Caching)));
    }

    private ReadOnlyMemory<byte> WritePage(McpExchange exchange, CatalogView view, string after, int pageSize)
    {
        var rest = view.Tools.SkipWhile(tool => string.CompareOrdinal(tool.PublicName, after) <= 0);
        var page = (pageSize <= 0 ? rest : rest.Take(pageSize + 1)).ToList();
        if (pageSize <= 0 || page.Count <= pageSize)
            return CatalogView.WriteTools(page);
        page.RemoveAt(pageSize);
        using var members = new PooledBuffer();
        members.Write(CatalogView.WriteTools(page).Span);
        members.Write(",\"nextCursor\":"u8);
        JsonText.WriteString(members, sealer.SealText(page[^1].PublicName, Purpose(exchange)));
        return members.WrittenSpan.ToArray();
    }

    private static string Purpose(McpExchange exchange) => $"cursor:tools/list:{exchange.Caller.Owner}";
}
