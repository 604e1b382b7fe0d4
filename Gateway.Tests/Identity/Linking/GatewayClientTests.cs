using System.Net;
using System.Text.Json.Nodes;
using Cortex.Foundation.Model;
using Cortex.Foundation.Storage;
using Cortex.Identity.Linking;
using Cortex.Identity.Linking.Clients;
using Cortex.Identity.Vault;
using Cortex.Tests.Identity.AuthorizationServer;
using Dapper;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace Cortex.Tests.Identity.Linking;

/// <summary>Who the gateway is at a provider: by hand, by its document, or registered by itself.</summary>
internal sealed class GatewayClientTests : LinkSceneTests
{
    [SetUp]
    public async Task ForgetClientsAsync()
    {
        await using var connection = await Scene.Gateway.Get<Database>().OpenAsync(default);
        await connection.ExecuteAsync("DELETE FROM provider_clients");
    }

    [Test]
    public async Task Client_registered_by_hand_comes_first_then_the_document_then_registration()
    {
        await using var scene = await LinkScene.StartAsync("https://gateway.example");
        foreach (var other in new[] { Scene.Other, scene.Other })
            other.Answer("/as/register", 201, new JsonObject { ["client_id"] = "registered", ["token_endpoint_auth_method"] = "none" });

        Assert.That(await ClientAsync(scene, LinkScene.Canva, takesDocuments: true), Is.EqualTo("gateway"));
        Assert.That(await ClientAsync(scene, LinkScene.Unknown, takesDocuments: true), Is.EqualTo("https://gateway.example/oauth/client-metadata.json"));
        Assert.That(await ClientAsync(scene, LinkScene.Unknown, takesDocuments: false), Is.EqualTo("registered"));
        Assert.That(await ClientAsync(Scene, LinkScene.Unknown, takesDocuments: true), Is.EqualTo("registered"), "a document at a plaintext address is read by nobody");
    }

    /// <summary><see href="https://datatracker.ietf.org/doc/html/draft-ietf-oauth-client-id-metadata-document-00#section-4"/>.</summary>
    [Test]
    public async Task Document_names_its_own_address_and_every_callback()
    {
        using var http = new HttpClient { BaseAddress = new Uri(Scene.Gateway.Url) };
        using var reply = await http.GetAsync(new Uri("/oauth/client-metadata.json", UriKind.Relative));
        var document = JsonNode.Parse(await reply.Content.ReadAsStringAsync())!;

        Assert.That((reply.Content.Headers.ContentType!.MediaType, reply.Headers.CacheControl!.Public), Is.EqualTo(("application/json", true)));
        Assert.That(document.ToJsonString(), Is.EqualTo(new JsonObject
        {
            ["client_id"] = $"{Scene.Gateway.Url}/oauth/client-metadata.json",
            ["client_name"] = "Acme gateway",
            ["client_uri"] = Scene.Gateway.Url,
            ["redirect_uris"] = new JsonArray([.. new[] { "canva", "other", "unknown" }.Select(id => JsonValue.Create($"{Scene.Gateway.Url}/link/{id}/callback"))]),
            ["grant_types"] = new JsonArray("authorization_code", "refresh_token"),
            ["response_types"] = new JsonArray("code"),
            ["token_endpoint_auth_method"] = "none",
            ["application_type"] = "web",
        }.ToJsonString()));
    }

    [Test]
    public async Task Registration_asks_for_one_redirect_URI_and_a_secret_where_the_provider_takes_one()
    {
        JsonNode? asked = null;
        Scene.Other.Answer("/as/register", async context =>
        {
            asked = await JsonNode.ParseAsync(context.Request.Body);
            context.Response.StatusCode = 201;
            await context.Response.WriteAsync("""{"client_id":"made","client_secret":"s","client_secret_expires_at":0}""");
        });
        var header = "";
        Scene.Other.Answer("/as/token", async context =>
        {
            header = context.Request.Headers.Authorization.ToString();
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(LinkScene.Tokens("access").ToJsonString());
        });

        var way = await Alice.BeginAsync(LinkScene.Unknown);
        var page = await Alice.OpenAsync(LinkScene.AnswerTo(way, ("code", "c"), ("iss", Scene.Other.Issuer)));

        Assert.That(page.Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(asked!["redirect_uris"]!.ToJsonString(), Is.EqualTo($"""["{Scene.Gateway.Url}/link/unknown/callback"]"""));
        Assert.That(((string)asked["token_endpoint_auth_method"]!, (string)asked["application_type"]!), Is.EqualTo(("client_secret_basic", "web")));
        Assert.That(header, Is.EqualTo("Basic " + Convert.ToBase64String("made:s"u8)));
    }

    [TestCase(null, 0, "must register one")]
    [TestCase("/as/register", 403, "invalid_client_metadata")]
    [TestCase("/as/register", 201, "names no client")]
    public async Task Provider_that_takes_no_client_is_told_of_with_the_mend(string? endpoint, int status, string words)
    {
        var metadata = Scene.Other.ProviderMetadata();
        metadata["registration_endpoint"] = endpoint is null ? null : Scene.Other.Origin + endpoint;
        Scene.Other.Serve("/.well-known/oauth-authorization-server/as", metadata);
        Scene.Other.Answer("/as/register", status, new JsonObject { ["error"] = "invalid_client_metadata" });

        var page = await Alice.SendAsync(await Alice.OpenAsync("/link/unknown/start"));

        Assert.That((page.Status, page.Leaves), Is.EqualTo((HttpStatusCode.BadGateway, (Uri?)null)));
        Assert.That(page.Html, Does.Contain(words));
    }

    [Test]
    public async Task Registered_client_that_the_token_endpoint_refuses_is_registered_anew()
    {
        Scene.Other.Answer("/as/register", 201, new JsonObject { ["client_id"] = "first", ["token_endpoint_auth_method"] = "none" });
        var first = await Alice.BeginAsync(LinkScene.Unknown);
        Scene.Other.Answer("/as/token", 401, new JsonObject { ["error"] = "invalid_client" });
        Scene.Other.Answer("/as/register", 201, new JsonObject { ["client_id"] = "second", ["token_endpoint_auth_method"] = "none" });

        var page = await Alice.OpenAsync(LinkScene.AnswerTo(first, ("code", "c"), ("iss", Scene.Other.Issuer)));
        var second = await Alice.BeginAsync(LinkScene.Unknown);

        Assert.That(page.Html, Does.Contain("has forgotten this gateway"));
        Assert.That((TestClient.ParametersOf(first)["client_id"], TestClient.ParametersOf(second)["client_id"]), Is.EqualTo(("first", "second")));
    }

    [Test]
    public async Task Secret_of_a_registered_client_is_unreadable_in_the_database_and_at_another_issuer()
    {
        var store = Scene.Gateway.Get<RegisteredClientStore>();
        await store.SaveAsync("https://one.example", "https://gateway/callback", new RegisteredClient("id", "the-secret", ClientAuthentication.SecretBasic, null), default);
        await using var connection = await Scene.Gateway.Get<Database>().OpenAsync(default);
        var record = await connection.QuerySingleAsync<byte[]>("SELECT sealed FROM provider_clients WHERE issuer = 'https://one.example'");
        await connection.ExecuteAsync(
            "INSERT INTO provider_clients SELECT 'https://evil.example', redirect_uri, client_id, sealed, expires_at, registered_at FROM provider_clients WHERE issuer = 'https://one.example'");

        Assert.That(System.Text.Encoding.UTF8.GetString(record), Does.Not.Contain("the-secret"));
        Assert.That(await store.FindAsync("https://evil.example", "https://gateway/callback", default), Is.Null);
        Assert.That((await store.FindAsync("https://one.example", "https://gateway/callback", default))!.Secret, Is.EqualTo("the-secret"));
    }

    private static async Task<string> ClientAsync(LinkScene scene, BackendId backend, bool takesDocuments)
    {
        var providers = scene.Gateway.Get<LinkProviders>();
        var definition = providers.FindBackend(backend.Value)!;
        var found = (DiscoveryResult.Found)await providers.FindAsync(definition, default);
        return await scene.Gateway.Get<ClientIdentities>().FindAsync(definition, found.Provider with { TakesClientDocuments = takesDocuments }, default) is ClientIdentityResult.Found client
            ? client.Client.ClientId
            : "none";
    }
}
