using System.Text;
using System.Text.Json.Nodes;
using Cortex.Backends;
using Cortex.Catalog;
using Cortex.Foundation.Model;
using Cortex.Identity.Callers;
using Cortex.Identity.Entitlements;
using Cortex.Mcp;
using Cortex.Mcp.Wire;
using Cortex.Tests.Catalog;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NUnit.Framework;

namespace Cortex.Tests.Mcp;

/// <summary>Which backend a message about a resource goes to.</summary>
internal sealed class ResourceRoutingTests
{
    private static readonly CatalogSnapshot Snapshot = CatalogMerge.Merge(
    [
        Speaking(CatalogSamples.Backend("a", "test://x", "test://{id}/data")),
        Speaking(CatalogSamples.Backend("b_1", "test://x", "test://{id}/data")),
    ]).Snapshot;

    [TestCase("test://x", "a")]
    [TestCase("cortex+b.1+test://x", "b_1")]
    [TestCase("cortex+b.1+test://5/data", "b_1")]
    [TestCase("cortex+b.1+other://x", null)]
    [TestCase("cortex+c+test://x", null)]
    public void ResourcesRead_goes_to_the_backend_the_uri_names(string uri, string? expected)
    {
        foreach (var era in new[] { Era.Legacy, Era.Modern })
            Assert.That(Route("resources/read", new JsonObject { ["uri"] = uri }, era), Is.EqualTo(expected));
    }

    [TestCase("test://{id}/data", "a")]
    [TestCase("cortex+b.1+test://{id}/data", "b_1")]
    [TestCase("cortex+b.1+test://x", "b_1")]
    [TestCase("cortex+c+test://{id}/data", null)]
    public void CompletionComplete_goes_to_the_backend_the_uri_names(string uri, string? expected) =>
        Assert.That(Route("completion/complete", new JsonObject { ["ref"] = new JsonObject { ["type"] = "ref/resource", ["uri"] = uri } }, Era.Modern), Is.EqualTo(expected));

    private static string? Route(string method, JsonObject parameters, Era era)
    {
        using var services = new ServiceCollection().AddOptions().BuildServiceProvider();
        var router = new McpRouter([], new EntitlementPolicy(services.GetRequiredService<IOptionsMonitor<IdentityOptions>>()));
        var body = Encoding.UTF8.GetBytes(new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = method, ["params"] = parameters }.ToJsonString());
        McpMessage.TryRead(body, 64, out var message, out _);
        var scopes = ScopeSet.Of(Scope.Parse("s:1"));
        var caller = new Caller(null, "client", "issuer", "id", "hash", scopes, scopes, null, DateTimeOffset.MaxValue);
        return router.Route(message!, era, caller, Snapshot) is McpDecision.Forward forward ? forward.Item.Backend.Id.Value : null;
    }

    private static (BackendDefinition, BackendCatalog) Speaking((BackendDefinition Backend, BackendCatalog Catalog) entry) =>
        (entry.Backend, entry.Catalog with { Speech = new BackendSpeech(ProtocolVersion.LatestLegacy, null, Completes: true, Subscribes: false, Logs: false) });
}
