using Cortex.Backends;
using Cortex.Foundation.Model;
using Cortex.Identity.Credentials;
using Cortex.Identity.Entitlements;
using Cortex.Tests.Identity.Callers;
using Cortex.Tests.Identity.Minting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Cortex.Tests.Identity.Credentials;

/// <summary>What goes out, for each <c>auth</c>.</summary>
internal sealed class CredentialResolverTests
{
    private const string Inbound = "Bearer the-callers-own";

    private IdentityHost _host = null!;
    private Caller _caller = null!;

    private CredentialResolver Resolver => _host.Services.GetRequiredService<CredentialResolver>();

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _host = await IdentityHost.StartAsync();
        _host.Services.GetRequiredService<KnownScopes>().Publish(
            new Dictionary<BackendId, ScopeSet> { [BackendId.Parse("notes")] = ScopeSet.ParseLenient("mcp:a mcp:unheld") });
        var person = await _host.AddPersonAsync();
        _caller = MintingTests.Caller(_host, person with { Role = "éditeur 100%", Pool = "north\r\nX-Evil: 1" });
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _host.DisposeAsync();

    [Test]
    public async Task Contract_backend_gets_a_minted_token_and_the_convenience_headers()
    {
        var headers = await GrantedAsync(MintingTests.Backend());

        var token = headers["Authorization"]["Bearer ".Length..];
        Assert.That(TestJwt.Read(token).GetProperty("aud").GetString(), Is.EqualTo("https://notes.example.com"));
        headers.Remove("Authorization");
        Assert.That(headers, Is.EquivalentTo(new Dictionary<string, string>
        {
            ["X-Cortex-User-Id"] = _caller.Person!.Id.Value,
            ["X-Cortex-User-Email"] = "ada@example.com",
            ["X-Cortex-User-Role"] = "%C3%A9diteur 100%25",
            ["X-Cortex-User-Pool"] = "northX-Evil: 1",
            ["X-Cortex-Scopes"] = "mcp:a",
        }));
    }

    [Test]
    public async Task Email_that_is_not_verified_is_in_no_header()
    {
        var caller = _caller with { Person = _caller.Person! with { EmailVerified = false } };

        Assert.That(await GrantedAsync(MintingTests.Backend(), caller), Does.Not.ContainKey("X-Cortex-User-Email"));
    }

    [Test]
    public async Task Machine_has_no_headers_of_a_person()
    {
        var headers = await GrantedAsync(MintingTests.Backend(), _caller with { Person = null });

        Assert.That(headers.Keys, Is.EquivalentTo(new[] { "Authorization", "X-Cortex-Scopes" }));
    }

    [Test]
    public async Task Native_backend_gets_the_minted_token_alone() =>
        Assert.That((await GrantedAsync(MintingTests.Backend(kind: BackendKind.Mcp))).Keys, Is.EqualTo(new[] { "Authorization" }));

    [Test]
    public async Task Callers_own_token_goes_out_to_no_backend_but_one_that_says_forward(
        [Values(BackendAuth.UserToken, BackendAuth.None, BackendAuth.Static, BackendAuth.Forward)] BackendAuth auth)
    {
        var options = new BackendOptions { StaticSecret = new Secret("s3cret") };

        var headers = await GrantedAsync(MintingTests.Backend(auth: auth, options: options));

        Assert.That(headers.ContainsValue(Inbound), Is.EqualTo(auth is BackendAuth.Forward));
    }

    [Test]
    public async Task Backend_without_credential_gets_nothing() =>
        Assert.That(await GrantedAsync(MintingTests.Backend(auth: BackendAuth.None)), Is.Empty);

    [TestCase(null, "Authorization", "Bearer s3cret")]
    [TestCase("X-Api-Key", "X-Api-Key", "s3cret")]
    public async Task Static_secret_goes_out_in_its_header(string? configured, string name, string value)
    {
        var options = new BackendOptions { StaticHeader = configured, StaticSecret = new Secret("s3cret") };

        var headers = await GrantedAsync(MintingTests.Backend(kind: BackendKind.Mcp, auth: BackendAuth.Static, options: options));

        Assert.That(headers, Is.EqualTo(new Dictionary<string, string> { [name] = value }));
    }

    [Test]
    public async Task Static_without_a_secret_is_refused() =>
        Assert.That(await ResolveAsync(MintingTests.Backend(auth: BackendAuth.Static)), Is.TypeOf<CredentialResult.Refused>());

    [Test]
    public async Task Linked_account_of_nobody_is_an_invitation_to_the_person_and_a_machine_has_none()
    {
        var backend = MintingTests.Backend(kind: BackendKind.Mcp, auth: BackendAuth.LinkedAccount);

        Assert.That(await ResolveAsync(backend), Is.TypeOf<CredentialResult.LinkNeeded>());
        Assert.That(await ResolveAsync(backend, _caller with { Person = null }), Is.EqualTo(new CredentialResult.Refused(
            "Backend 'notes' acts with a person's own account there, and this caller is no person; a person must call it.")));
    }

    [Test]
    public async Task Forward_without_a_request_is_refused() => Assert.That(
        await Resolver.ResolveAsync(_caller, MintingTests.Backend(auth: BackendAuth.Forward), null, CancellationToken.None),
        Is.TypeOf<CredentialResult.Refused>());

    [Test]
    public void Catalog_is_read_with_the_gateways_own_token()
    {
        var header = Resolver.ForCatalog(MintingTests.Backend()).Headers.Single();

        Assert.That(TestJwt.Read(header.Value["Bearer ".Length..]).GetProperty("scope").GetString(), Is.EqualTo("cortex:catalog"));
    }

    [Test]
    public void Catalog_is_read_with_the_configured_token_when_there_is_one([Values] BackendAuth auth)
    {
        var options = new BackendOptions { CatalogToken = new Secret("technical") };

        Assert.That(
            Resolver.ForCatalog(MintingTests.Backend(auth: auth, options: options)).Headers,
            Is.EqualTo(new[] { KeyValuePair.Create("Authorization", "Bearer technical") }));
    }

    private async Task<Dictionary<string, string>> GrantedAsync(BackendDefinition backend, Caller? caller = null) =>
        ((CredentialResult.Granted)await ResolveAsync(backend, caller)).Headers.ToDictionary(header => header.Key, header => header.Value);

    private ValueTask<CredentialResult> ResolveAsync(BackendDefinition backend, Caller? caller = null)
    {
        var request = new DefaultHttpContext();
        request.Request.Headers.Authorization = Inbound;
        return Resolver.ResolveAsync(caller ?? _caller, backend, request, CancellationToken.None);
    }
}
