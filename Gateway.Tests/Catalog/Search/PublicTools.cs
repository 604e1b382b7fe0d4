using System.Text;
using System.Text.Json;
using Cortex.Backends;
using Cortex.Catalog;
using Cortex.Foundation.Model;
using Cortex.Tests.Clients;

namespace Cortex.Tests.Catalog.Search;

/// <summary>The tools of public servers in <c>bench/search</c>, and the labelled queries.</summary>
internal static class PublicTools
{
    private static readonly Lazy<CatalogSnapshot> Read = new(() => Load(server => Scope.Parse($"mcp:{server}")));

    /// <summary>All of them, each backend under its scope <c>mcp:&lt;id&gt;</c>, with the gateway's own tools for searching.</summary>
    public static CatalogSnapshot Snapshot => Read.Value;

    /// <summary>The same under other scopes.</summary>
    public static CatalogSnapshot Load(Func<string, Scope> scopeOf)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Repository.PathOf("bench/search/tools.json")));
        var backends = new List<(BackendDefinition, BackendCatalog)> { (BackendDefinition.Gateway, Catalog(BuiltinNames.OfSearch.Select(SearchTool))) };
        foreach (var server in document.RootElement.EnumerateArray())
        {
            var id = server.GetProperty("id").GetString()!;
            var tools = server.GetProperty("tools").EnumerateArray().Select(tool => new OfferedItem(
                CatalogKind.Tool, tool.GetProperty("name").GetString()!, scopeOf(id), Encoding.UTF8.GetBytes(tool.GetRawText())));
            backends.Add((BackendDefinitionFactory.Create(BackendId.Parse(id), new BackendOptions { Url = "http://127.0.0.1:1" }), Catalog([.. tools])));
        }

        return CatalogMerge.Merge(backends).Snapshot;
    }

    /// <summary>One set of the labelled queries: <c>tuned</c> or <c>held-out</c>.</summary>
    public static IReadOnlyList<(string Query, IReadOnlyList<string> Tools)> Queries(string set)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Repository.PathOf("bench/search/queries.json")));
        return
        [
            .. document.RootElement.EnumerateArray()
                .Where(query => query.GetProperty("set").GetString() == set)
                .Select(query => (query.GetProperty("query").GetString()!, (IReadOnlyList<string>)[.. query.GetProperty("tools").EnumerateArray().Select(tool => tool.GetString()!)])),
        ];
    }

    /// <summary>What the labels call a tool: <c>server/tool</c>.</summary>
    public static string Label(CatalogItem tool) => $"{tool.Backend.Id}/{tool.OriginalName}";

    public static ScopeSet ScopesOf(params IEnumerable<string> servers) => ScopeSet.Of(servers.Select(server => Scope.Parse($"mcp:{server}")));

    /// <summary>Every scope of <see cref="Snapshot"/>.</summary>
    public static ScopeSet AllScopes => ScopeSet.Of(Snapshot.Items.Select(item => item.Scope).OfType<Scope>());

    public static OfferedItem SearchTool(string name) =>
        new(CatalogKind.Tool, name, null, Encoding.UTF8.GetBytes($$"""{"name":"{{name}}","inputSchema":{"type":"object"} }"""));

    private static BackendCatalog Catalog(IEnumerable<OfferedItem> items) => new([.. items], null, DateTimeOffset.UnixEpoch, []);
}
