using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Cortex.Backends;
using Cortex.Builtins.Resources;
using Cortex.Catalog;
using Cortex.Catalog.Search;
using Cortex.Foundation.Configuration;
using Microsoft.Extensions.Options;

namespace Cortex.Builtins;

/// <summary>All builtins. Puts those that <c>gateway.builtins</c> names into the catalog, and follows the configuration.</summary>
internal sealed class BuiltinSet(
    IEnumerable<IBuiltin> tools,
    IEnumerable<IOwnResource> resources,
    CatalogStore catalog,
    IOptionsMonitor<GatewayOptions> options,
    IOptionsMonitor<SearchOptions> search,
    TimeProvider time) : IHostedService, IDisposable
{
    private readonly FrozenDictionary<string, IBuiltin> _tools = tools.ToFrozenDictionary(tool => tool.Name, StringComparer.Ordinal);
    private readonly IReadOnlyList<IOwnResource> _resources = [.. resources];
    private IDisposable? _changes;
    private IDisposable? _searchChanges;

    /// <summary>The tool of this name.</summary>
    public IBuiltin Tool(string name) => _tools[name];

    /// <summary>The resource that answers for a URI of the scheme <c>cortex</c>, or null.</summary>
    public IOwnResource? FindResource(string uri) => _resources.FirstOrDefault(resource => resource.AnswersFor(uri));

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _changes = options.OnChange(current => Publish(current));
        _searchChanges = search.OnChange(_ => Publish(options.CurrentValue, CatalogLists.Tools));
        Publish(options.CurrentValue);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _changes?.Dispose();
        _searchChanges?.Dispose();
    }

    /// <param name="current">What is offered.</param>
    /// <param name="announced">Lists that read otherwise though nothing in them changed, as when they begin to be cut down.</param>
    private void Publish(GatewayOptions current, CatalogLists announced = CatalogLists.None)
    {
        var wanted = _tools.Values.Where(tool => current.Builtins.Contains(tool.Name)).ToList();
        var items = wanted.Select(tool => new OfferedItem(CatalogKind.Tool, tool.Name, Scope: null, tool.Definition));
        if (current.Builtins.Count > 0)
            items = items.Concat(_resources.Select(Describe));
        catalog.Put(BackendDefinition.Gateway, new BackendCatalog([.. items], Speech: null, time.GetUtcNow(), Faults: []), announced);
    }

    private static OfferedItem Describe(IOwnResource resource) => new(
        resource.Kind,
        resource.Address,
        Scope: null,
        System.Text.Encoding.UTF8.GetBytes(new JsonObject
        {
            [resource.Kind == CatalogKind.Template ? "uriTemplate" : "uri"] = resource.Address,
            ["name"] = resource.Name,
            ["title"] = resource.Title,
            ["description"] = resource.Description,
            ["mimeType"] = "text/markdown",
        }.ToJsonString()));
}
