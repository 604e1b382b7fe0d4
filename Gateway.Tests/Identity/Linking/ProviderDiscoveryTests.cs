using System.Net;
using System.Text.Json.Nodes;
using Cortex.Foundation.Outbound;
using Cortex.Identity.Linking;
using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Identity.Linking;

/// <summary>The way from a third-party server's 401 to its provider, and those who lay it elsewhere.</summary>
internal sealed class ProviderDiscoveryTests
{
    private const string ProviderMetadata = "/.well-known/oauth-authorization-server/as";

    private ThirdPartyServer _server = null!;
    private GuardedHttpClients _clients = null!;
    private RecordingLogger<ProviderDiscovery> _log = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _server = await ThirdPartyServer.StartAsync();
        _clients = new GuardedHttpClients(Dns.GetHostAddressesAsync);
        _log = new RecordingLogger<ProviderDiscovery>();
    }

    [TearDown]
    public async Task StopAsync()
    {
        _clients.Dispose();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task Challenge_leads_to_the_provider_and_its_scopes()
    {
        var provider = await FoundAsync();

        Assert.That((provider.Issuer, provider.Resource, provider.Scopes), Is.EqualTo((_server.Issuer, _server.Origin + "/mcp", "read write")));
        Assert.That(provider.AuthorizationEndpoint, Is.EqualTo(new Uri(_server.Issuer + "/authorize")));
        Assert.That(provider.TokenEndpoint, Is.EqualTo(new Uri(_server.Issuer + "/token")));
        Assert.That(provider.RegistrationEndpoint, Is.EqualTo(new Uri(_server.Issuer + "/register")));
        Assert.That(provider.RevocationEndpoint, Is.EqualTo(new Uri(_server.Issuer + "/revoke")));
        Assert.That((provider.NamesItselfInAnswers, provider.TakesClientDocuments, provider.OnLoopback), Is.EqualTo((true, false, true)));
        Assert.That(provider.TokenAuthentication, Is.EqualTo(new[] { "none", "client_secret_basic" }));
        Assert.That(_log.Records, Is.Empty);
    }

    /// <summary><see href="https://modelcontextprotocol.io/specification/2025-11-25/basic/authorization#protected-resource-metadata-discovery-requirements"/>.</summary>
    [Test]
    public async Task Well_known_addresses_of_path_and_origin_are_tried_in_this_order_when_the_challenge_names_none()
    {
        _server.Challenge = "Bearer";
        _server.Remove("/meta");
        _server.Serve("/.well-known/oauth-protected-resource", _server.ResourceMetadata());

        Assert.That((await FoundAsync()).Scopes, Is.EqualTo("read write admin"));
        Assert.That(_server.Asked, Is.EqualTo(new[] { "/.well-known/oauth-protected-resource/mcp", "/.well-known/oauth-protected-resource", ProviderMetadata }));
    }

    /// <summary><see href="https://modelcontextprotocol.io/specification/2025-11-25/basic/authorization#authorization-server-metadata-discovery"/>.</summary>
    [Test]
    public async Task Metadata_of_the_issuer_is_looked_for_in_the_order_of_the_specification()
    {
        _server.Remove(ProviderMetadata);
        _server.Serve("/as/.well-known/openid-configuration", _server.ProviderMetadata());

        await FoundAsync();

        Assert.That(_server.Asked, Is.EqualTo(new[] { "/meta", ProviderMetadata, "/.well-known/openid-configuration/as", "/as/.well-known/openid-configuration" }));
    }

    [TestCase("https://evil.example/mcp")]
    [TestCase("/mcp/other")]
    [TestCase("/mc")]
    [TestCase("")]
    public async Task Metadata_of_another_resource_is_refused(string resource)
    {
        var metadata = _server.ResourceMetadata();
        metadata["resource"] = resource.StartsWith('/') ? _server.Origin + resource : resource;
        _server.Serve("/meta", metadata);

        Assert.That(await FailedAsync(), Does.Contain("is the metadata of another resource"));
    }

    [Test]
    public async Task Resource_may_be_the_whole_origin()
    {
        var metadata = _server.ResourceMetadata();
        metadata["resource"] = _server.Origin;
        _server.Serve("/meta", metadata);

        Assert.That((await FoundAsync()).Resource, Is.EqualTo(_server.Origin));
    }

    [Test]
    public async Task Metadata_that_names_a_foreign_issuer_is_refused()
    {
        Change("issuer", "https://accounts.bank.example");

        Assert.That(await FailedAsync(), Does.Contain("is the metadata of another issuer"));
    }

    [TestCase("authorization_endpoint", "http://10.0.0.5/authorize")]
    [TestCase("token_endpoint", "https://169.254.169.254/latest")]
    [TestCase("token_endpoint", "https://10.1.2.3/token")]
    [TestCase("registration_endpoint", "https://[fd00::1]/register")]
    [TestCase("revocation_endpoint", "https://user@bank.example/revoke")]
    [TestCase("authorization_endpoint", "javascript:alert(1)")]
    [TestCase("token_endpoint", "file:///etc/passwd")]
    public async Task Endpoint_that_may_not_be_called_is_refused(string name, string address)
    {
        Change(name, address);

        Assert.That(await FailedAsync(), Does.Contain($"names a {name} that may not be called"));
    }

    [TestCase("https://192.168.1.1")]
    [TestCase("http://provider.example")]
    public async Task Issuer_that_may_not_be_called_is_refused_before_anything_is_asked(string issuer)
    {
        var metadata = _server.ResourceMetadata();
        metadata["authorization_servers"] = new JsonArray(issuer);
        _server.Serve("/meta", metadata);

        Assert.That(await FailedAsync(), Does.Contain("may not be called"));
        Assert.That(_server.Asked, Is.EqualTo(new[] { "/meta" }));
    }

    [Test]
    public async Task Redirect_is_not_followed()
    {
        _server.Serve("/inside", _server.ProviderMetadata());
        _server.Redirect(ProviderMetadata, _server.Origin + "/inside");

        Assert.That(await FailedAsync(), Does.Contain("answered 302"));
        Assert.That(_server.Asked, Has.No.Member("/inside"));
    }

    [Test]
    public async Task Provider_without_S256_is_refused([Values] bool plain)
    {
        Change("code_challenge_methods_supported", plain ? new JsonArray("plain") : null);

        Assert.That(await FailedAsync(), Does.Contain("does not offer S256"));
    }

    [Test]
    public async Task Endpoint_of_another_origin_is_used_and_logged()
    {
        Change("token_endpoint", "https://tokens.example/token");

        Assert.That((await FoundAsync()).TokenEndpoint, Is.EqualTo(new Uri("https://tokens.example/token")));
        Assert.That(_log.Records.Single().Message, Does.Contain("tokens.example").And.Contain(_server.Issuer));
    }

    [TestCase("[]")]
    [TestCase("\"text\"")]
    [TestCase("""{"issuer": {}, "token_endpoint": 5}""")]
    public async Task Metadata_of_another_shape_is_refused(string document)
    {
        _server.Serve(ProviderMetadata, JsonNode.Parse(document)!);

        Assert.That(await FailedAsync(), Does.Contain(ProviderMetadata));
    }

    [Test]
    public void Challenge_is_read_whatever_its_quoting()
    {
        var response = new HttpResponseMessage();
        response.Headers.TryAddWithoutValidation("WWW-Authenticate", "Basic realm=\"scope=x\"");
        response.Headers.TryAddWithoutValidation("WWW-Authenticate", "bearer realm=\"a \\\"resource_metadata=b\", scope=one, resource_metadata=\"https://x.example/m\"");

        Assert.That(ServerChallenge.Read(response.Headers.WwwAuthenticate), Is.EqualTo(new ServerChallenge("https://x.example/m", "one")));
    }

    private void Change(string name, JsonNode? value)
    {
        var metadata = _server.ProviderMetadata();
        metadata[name] = value;
        _server.Serve(ProviderMetadata, metadata);
    }

    private async Task<LinkProvider> FoundAsync() =>
        await RunAsync() is DiscoveryResult.Found found ? found.Provider : throw new AssertionException($"Nothing was found: {await RunAsync()}");

    private async Task<string> FailedAsync() =>
        await RunAsync() is DiscoveryResult.Failed failed ? failed.Reason : throw new AssertionException("A provider was found.");

    private Task<DiscoveryResult> RunAsync() =>
        new ProviderDiscovery(_clients, new DocumentFetcher(_clients, TimeProvider.System), TimeProvider.System, _log).FindAsync(_server.Backend, default);
}
