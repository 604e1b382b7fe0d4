using System.Buffers;
using Cortex.Catalog;
using Cortex.Catalog.Search;
using Cortex.Foundation.JsonRpc;
using Cortex.Foundation.Sealing;
using Cortex.Mcp.Wire;
using Microsoft.Extensions.Options;

namespace Cortex.Mcp.Answers;

/// <summary>
/// What the four list methods share: the items that the caller's effective scopes allow, ordered by name, from the snapshot's bytes. Unpaged
/// unless <c>paging.pageSize</c> is set; a cursor is sealed to its owner and list and names the last item shown, so that it stays good
/// when the catalog changes.
/// </summary>
internal sealed class CatalogList(ToolListing tools, IOptionsMonitor<PagingOptions> paging, Sealer sealer)
{
    private static readonly CacheHint Caching = new(TimeSpan.FromSeconds(30), IsPrivate: true);

    public AnswerResult Answer(McpExchange exchange, CatalogKind kind)
    {
        var view = exchange.Shown.ViewFor(exchange.Caller.Scopes);
        if (kind == CatalogKind.Tool)
        {
            if (!ToolModes.TryParse(exchange.Http.Request.Headers[ToolModes.Header].ToString(), out var mode))
                return new AnswerResult.Error(new McpError(200, McpError.InvalidParams, $"The header {ToolModes.Header} must say 'search' or 'full', or not be there."));
            view = tools.For(view, mode, exchange.Lens.Toolset);
        }

        var after = "";
        if (exchange.Message.Has(McpMembers.Cursor))
        {
            if (exchange.Message.Text(McpMembers.Cursor) is not { } cursor || sealer.TryOpenText(cursor, Purpose(exchange, kind)) is not { } opened)
                return new AnswerResult.Error(new McpError(200, McpError.InvalidParams, "params.cursor is not a cursor of yours; list again without it."));
            after = opened;
        }

        var pageSize = paging.CurrentValue.PageSize;
        var members = pageSize <= 0 && after.Length == 0 ? view.MemberOf(kind) : WritePage(exchange, kind, view, after, pageSize);
        return new AnswerResult.Result(new ResultContent(members, Caching: Caching));
    }

    private ReadOnlyMemory<byte> WritePage(McpExchange exchange, CatalogKind kind, CatalogView view, string after, int pageSize)
    {
        var rest = view.Of(kind).SkipWhile(item => string.CompareOrdinal(item.PublicName, after) <= 0);
        var page = (pageSize <= 0 ? rest : rest.Take(pageSize + 1)).ToList();
        if (pageSize <= 0 || page.Count <= pageSize)
            return CatalogView.Write(kind, page);
        page.RemoveAt(pageSize);
        using var members = new PooledBuffer();
        members.Write(CatalogView.Write(kind, page).Span);
        members.Write(",\"nextCursor\":"u8);
        JsonText.WriteString(members, sealer.SealText(page[^1].PublicName, Purpose(exchange, kind)));
        return members.WrittenSpan.ToArray();
    }

    private static string Purpose(McpExchange exchange, CatalogKind kind) => $"cursor:{kind}:{exchange.Caller.Owner}";
}
