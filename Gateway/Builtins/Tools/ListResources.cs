using System.ComponentModel;
using System.Text.Json;
using Cortex.Catalog;
using Cortex.Foundation.Model;

namespace Cortex.Builtins.Tools;

/// <summary><c>list_cortex_resources</c>: resources and templates, for clients that know tools alone.</summary>
internal sealed class ListResources() : Builtin<ListResources.Arguments, ListResources.Answered>(
    BuiltinNames.ListResources,
    "List resources",
    "Lists the resources and URI templates that you may read with read_cortex_resource, those of all apps and cortex://architecture, which explains this endpoint.",
    isReadOnly: true)
{
    private const int MostAtOnce = 200;

    protected override ValueTask<BuiltinResult> CallAsync(BuiltinCall call, Arguments arguments, CancellationToken cancellationToken)
    {
        var rest = call.View.Of(CatalogKind.Resource).Concat(call.View.Of(CatalogKind.Template))
            .Where(item => arguments.App is null || item.Backend.Id.Value == arguments.App)
            .OrderBy(item => item.PublicName, StringComparer.Ordinal)
            .SkipWhile(item => string.CompareOrdinal(item.PublicName, arguments.After) <= 0)
            .Take(MostAtOnce + 1)
            .ToList();
        var page = rest.Take(MostAtOnce).ToList();
        return ValueTask.FromResult<BuiltinResult>(Answer(new Answered(
            [.. page.Where(item => item.Kind == CatalogKind.Resource).Select(Read)],
            [.. page.Where(item => item.Kind == CatalogKind.Template).Select(Read)],
            rest.Count > page.Count ? page[^1].PublicName : null)));
    }

    private static JsonElement Read(CatalogItem item) => JsonDocument.Parse(item.Json).RootElement;

    /// <summary>The arguments.</summary>
    internal sealed record Arguments(
        [property: Description("Id of one app; all when left out.")] string? App = null,
        [property: Description("Goes on behind this URI: the 'next' of the answer before.")] string? After = null);

    /// <summary>The answer.</summary>
    internal sealed record Answered(
        [property: Description("MCP resources: uri, name, description, mimeType.")] IReadOnlyList<JsonElement> Resources,
        [property: Description("MCP resource templates: fill in the braces of uriTemplate to get a URI.")] IReadOnlyList<JsonElement> ResourceTemplates,
        [property: Description("There is more: call again with this as 'after'. Null at the end.")] string? Next);
}
