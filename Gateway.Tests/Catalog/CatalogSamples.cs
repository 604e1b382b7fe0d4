using System.Text;
using System.Text.Json.Nodes;
using Cortex.Backends;
using Cortex.Catalog;
using Cortex.Foundation.Model;

namespace Cortex.Tests.Catalog;

/// <summary>Backends with resources and templates, merged.</summary>
internal static class CatalogSamples
{
    /// <summary>A backend's catalog; an address with a brace is a template.</summary>
    public static (BackendDefinition Backend, BackendCatalog Catalog) Backend(string id, params string[] addresses) =>
        Backend(id, [.. addresses.Select(Address)]);

    public static (BackendDefinition Backend, BackendCatalog Catalog) Backend(string id, params OfferedItem[] items) =>
        (BackendDefinitionFactory.Create(BackendId.Parse(id), new BackendOptions { Url = "http://127.0.0.1:1" }),
        new BackendCatalog(items, null, DateTimeOffset.UnixEpoch, []));

    public static OfferedItem Address(string address)
    {
        var (kind, member) = address.Contains('{') ? (CatalogKind.Template, "uriTemplate") : (CatalogKind.Resource, "uri");
        return Item(kind, address, new JsonObject { ["name"] = "x", [member] = address });
    }

    public static OfferedItem Item(CatalogKind kind, string name, JsonObject json) =>
        new(kind, name, Scope.Parse("s:1"), Encoding.UTF8.GetBytes(json.ToJsonString(Plain)));

    private static readonly System.Text.Json.JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
