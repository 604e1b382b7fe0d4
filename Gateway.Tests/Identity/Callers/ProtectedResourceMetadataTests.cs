using System.Net;
using Cortex.Foundation.Model;
using Cortex.Identity.Entitlements;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Cortex.Tests.Identity.Callers;

/// <summary><see href="https://www.rfc-editor.org/rfc/rfc9728">RFC 9728</see>, as clients compare it: byte for byte.</summary>
internal sealed class ProtectedResourceMetadataTests
{
    private const string Root = "/.well-known/oauth-protected-resource";

    [TestCase(Root, "/mcp", """["mcp:notes:read","mcp:notes:write"]""", "Cortex")]
    [TestCase(Root + "/mcp", "/mcp", """["mcp:notes:read","mcp:notes:write"]""", "Cortex")]
    [TestCase(Root + "/mcp/support", "/mcp/support", """["mcp:notes:read"]""", "Cortex: Support desk")]
    public async Task Metadata_names_the_resource_its_scopes_and_every_authorization_server(string path, string resource, string scopes, string name)
    {
        await using var host = await IdentityHost.StartAsync("{ issuers: [{ issuer: 'https://login.example.com/tenant' }] }");
        Publish(host, "mcp:notes:write mcp:notes:read cortex:admin offline_access");

        using var response = await host.Client.GetAsync(path);

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(
            $"{{\"resource\":\"{host.Url}{resource}\",\"authorization_servers\":[\"{host.Url}/\",\"https://login.example.com/tenant\"],"
            + $"\"scopes_supported\":{scopes},\"bearer_methods_supported\":[\"header\"],\"resource_name\":\"{name}\"}}"));
        Assert.That(response.Content.Headers.ContentType?.ToString(), Is.EqualTo("application/json"));
        Assert.That(response.Headers.CacheControl?.ToString(), Is.EqualTo("public, max-age=60"));
        Assert.That(response.Headers.GetValues("Access-Control-Allow-Origin"), Is.EqualTo(new[] { "*" }));
    }

    [Test]
    public async Task Configured_scopes_are_told_in_place_of_the_catalogs()
    {
        await using var host = await IdentityHost.StartAsync("{ defaultScopes: ['mcp:notes:read'] }");
        Publish(host, "mcp:notes:write mcp:notes:read");

        var text = await host.Client.GetStringAsync(Root);
        using var challenge = await host.CallAsync(null);

        Assert.That(text, Does.Contain("\"scopes_supported\":[\"mcp:notes:read\"]"));
        Assert.That(challenge.Headers.WwwAuthenticate.ToString(), Does.Contain("scope=\"mcp:notes:read\""));
    }

    [Test]
    public async Task Member_without_values_is_left_out()
    {
        await using var host = await IdentityHost.StartAsync();

        Assert.That(await host.Client.GetStringAsync(Root), Does.Not.Contain("scopes_supported"));
    }

    [Test]
    public async Task Embedded_server_that_is_off_is_not_named()
    {
        await using var host = await IdentityHost.StartAsync(
            "{ authorizationServer: { enabled: false }, issuers: [{ issuer: 'https://login.example.com' }] }");

        Assert.That(await host.Client.GetStringAsync(Root), Does.Contain("\"authorization_servers\":[\"https://login.example.com\"]"));
    }

    [Test]
    public async Task Toolset_nobody_configured_is_not_found()
    {
        await using var host = await IdentityHost.StartAsync();

        using var response = await host.Client.GetAsync(Root + "/mcp/nowhere");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
    }

    [Test]
    public async Task Preflight_of_any_origin_is_answered()
    {
        await using var host = await IdentityHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Options, Root + "/mcp");
        request.Headers.Add("Origin", "https://anywhere.example");
        request.Headers.Add("Access-Control-Request-Method", "GET");
        request.Headers.Add("Access-Control-Request-Headers", "mcp-protocol-version");

        using var response = await host.Client.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(response.Headers.GetValues("Access-Control-Allow-Origin"), Is.EqualTo(new[] { "*" }));
        Assert.That(response.Headers.GetValues("Access-Control-Allow-Headers"), Is.EqualTo(new[] { "*" }));
    }

    private static void Publish(IdentityHost host, string scopes) => host.Services.GetRequiredService<KnownScopes>().Publish(
        new Dictionary<BackendId, ScopeSet> { [BackendId.Parse("notes")] = ScopeSet.ParseLenient(scopes) });
}
