using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Cortex.Foundation.Model;
using Cortex.Foundation.Sealing;
using Cortex.Identity.Callers;
using Cortex.Identity.Minting;
using Cortex.Tests.Identity.Minting;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Cortex.Tests.Identity.Callers;

/// <summary>Tokens that must not open the door, each an attack by name.</summary>
internal sealed class TokenAttackTests
{
    private IdentityHost _host = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _host = await IdentityHost.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await _host.DisposeAsync();

    [Test]
    public async Task Honest_token_is_accepted() =>
        Assert.That((await _host.WhoAmIAsync(await _host.TokenAsync())).GetProperty("client").GetString(), Is.EqualTo("agent"));

    [TestCaseSource(nameof(Attacks))]
    public async Task Forged_token_is_refused(Func<IdentityHost, Task<string>> forge, Func<IdentityHost, string> problem)
    {
        using var response = await _host.CallAsync(await forge(_host));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(response.Headers.WwwAuthenticate.ToString(), Is.EqualTo(
            $"Bearer error=\"invalid_token\", error_description=\"{problem(_host)}\", resource_metadata=\"{_host.Url}/.well-known/oauth-protected-resource/mcp\""));
    }

    [Test]
    public async Task Claims_of_a_wrong_type_are_refused_and_break_nothing(
        [Values("exp", "iss", "aud", "sub", "client_id")] string claim,
        [Values("1e300", "true", "{\"a\":[1]}", "[[\"x\"]]", "\"\\ud800\"")] string value)
    {
        var payload = TestJwt.Read(await _host.TokenAsync((claim, null))).GetRawText();
        var token = TestJwt.WriteRaw(
            TestJwt.Header("ES256", _host.EmbeddedKey.KeyId, "at+jwt"),
            $"{payload[..^1]},\"{claim}\":{value}}}",
            bytes => _host.EmbeddedKey.Private.ECDsa.SignData(bytes, HashAlgorithmName.SHA256));

        using var response = await _host.CallAsync(token);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task Token_for_another_audience_is_refused(
        [Values("https://backend.example", "", "{0}", "{0}/mcp/", "{0}/MCP", "{0}/mcp/support", "{0}/mcp?x=1", "{0}/api/admin")] string audience)
    {
        using var response = await _host.CallAsync(await _host.TokenAsync(("aud", string.Format(null, audience, _host.Url))));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(response.Headers.WwwAuthenticate.ToString(), Does.Contain($"The token was not issued for {_host.Resource}."));
    }

    [Test]
    public async Task Minted_token_is_refused_at_the_gateways_own_door()
    {
        var caller = MintingTests.Caller(_host, await _host.AddPersonAsync());
        var backend = MintingTests.Backend() with { Audience = _host.Resource };
        var minter = _host.Services.GetRequiredService<TokenMinter>();

        using var asPerson = await _host.CallAsync(minter.Mint(caller, backend));
        using var asGateway = await _host.CallAsync(minter.MintCatalogToken(backend));

        Assert.That(asPerson.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(asPerson.Headers.WwwAuthenticate.ToString(), Does.Contain("minted for a backend"));
        Assert.That(asGateway.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task Revoked_token_is_refused_though_it_was_cached()
    {
        var token = await _host.TokenAsync(("jti", "stolen"));
        await _host.WhoAmIAsync(token);

        _host.Services.GetRequiredService<TokenCache>().Revoke(_host.Url + "/", "stolen", _host.Time.GetUtcNow().AddMinutes(10));

        using var response = await _host.CallAsync(token);
        Assert.That(response.Headers.WwwAuthenticate.ToString(), Does.Contain("The token was revoked."));
    }

    private static IEnumerable<TestCaseData> Attacks()
    {
        yield return Case("Algorithm_none", "The token's signature algorithm is not accepted.", async host =>
            TestJwt.Write(TestJwt.Header("none", null, "at+jwt"), TestJwt.Read(await host.TokenAsync()), _ => []));
        yield return Case("Hs256_keyed_with_the_public_key", "The token's signature algorithm is not accepted.", async host =>
            TestJwt.Write(
                TestJwt.Header("HS256", host.EmbeddedKey.KeyId, "at+jwt"),
                TestJwt.Read(await host.TokenAsync()),
                bytes => HMACSHA256.HashData(Encoding.ASCII.GetBytes(host.EmbeddedKey.Public.X), bytes)));
        yield return Case("Signature_of_another_key", "The token's signature is not one of its issuer's.", async host =>
            TestJwt.Write(
                TestJwt.Header("ES256", host.EmbeddedKey.KeyId, "at+jwt"),
                TestJwt.Read(await host.TokenAsync()),
                bytes => ECDsa.Create(ECCurve.NamedCurves.nistP256).SignData(bytes, HashAlgorithmName.SHA256)));
        yield return Case("Key_that_the_token_brings_along", "The token's signature is not one of its issuer's.", SelfKeyedAsync);
        yield return Case("Signature_removed", "The token's signature is not one of its issuer's.", async host =>
            string.Join('.', (await host.TokenAsync()).Split('.')[..2]) + ".");
        yield return Case("Payload_changed_after_signing", "The token's signature is not one of its issuer's.", async host =>
        {
            var parts = (await host.TokenAsync()).Split('.');
            var payload = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1])).Replace("notes:read", "notes:write", StringComparison.Ordinal);
            return $"{parts[0]}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload))}.{parts[2]}";
        });
        yield return Case("Key_of_another_purpose", "The token's signature is not one of its issuer's.", async host =>
            TestJwt.Sign(
                host.Services.GetRequiredService<SigningKeys>().Active(KeyPurpose.Identity),
                "at+jwt",
                TestJwt.Read(await host.TokenAsync())));
        yield return Case("Issuer_nobody_trusts", "The token's issuer is not trusted here.", host => host.TokenAsync(("iss", "https://evil.example")));
        yield return Case("Issuer_without_its_slash", "The token's issuer is not trusted here.", host => host.TokenAsync(("iss", host.Url)));
        yield return Case("Issuer_missing", "The token's issuer is not trusted here.", host => host.TokenAsync(("iss", null)));
        yield return Case("Expired", host => $"The token ended at {host.Time.GetUtcNow().AddSeconds(-30):u}.", host => host.TokenAsync(("exp", host.Time.GetUtcNow().ToUnixTimeSeconds() - 30)));
        yield return Case("Never_expiring", "The token has no end (exp).", host => host.TokenAsync(("exp", null)));
        yield return Case("Not_yet_begun", host => $"The token begins at {host.Time.GetUtcNow().AddSeconds(31):u} only.", host => host.TokenAsync(("nbf", host.Time.GetUtcNow().ToUnixTimeSeconds() + 31)));
        yield return Case("Id_token_in_place_of_an_access_token", "The token is not an access token.", async host =>
            TestJwt.Sign(host.EmbeddedKey, "JWT", TestJwt.Read(await host.TokenAsync())));
        yield return Case("Critical_extension_the_gateway_does_not_know", "The token's header demands an extension that is not supported.", async host =>
            TestJwt.Write(
                TestJwt.Header("ES256", host.EmbeddedKey.KeyId, "at+jwt", ("crit", new[] { "b64" }), ("b64", false)),
                TestJwt.Read(await host.TokenAsync()),
                bytes => host.EmbeddedKey.Private.ECDsa.SignData(bytes, HashAlgorithmName.SHA256)));
        yield return Case("Person_nobody_knows", "The person the token speaks for is not known here.", host => host.TokenAsync(("sub", PersonId.New(TimeProvider.System).Value)));
        yield return Case("Subject_that_is_no_person", "The token names no person or no client.", host => host.TokenAsync(("sub", "1 OR 1=1")));
        yield return Case("Machine_that_bears_a_persons_id", "The token names no client that may act on its own behalf.", async host =>
        {
            var person = await host.AddPersonAsync();
            return await host.TokenAsync(("sub", person.Id.Value), ("client_id", person.Id.Value));
        });
        yield return Case("Machine_that_bears_the_gateways_name", "The token names no client that may act on its own behalf.", host =>
            host.TokenAsync(("sub", "cortex-gateway"), ("client_id", "cortex-gateway")));
        yield return Case("Not_a_jwt", "The token is not a well-formed JWT.", _ => Task.FromResult("abc.def.ghi"));
        yield return Case("Encrypted_token", "The token is encrypted.", _ => Task.FromResult("e30.e30.e30.e30.e30"));
        yield return Case("Empty_token", "The Authorization header holds no well-formed bearer token.", _ => Task.FromResult(","));
        yield return Case("Giant_token", $"The token is longer than {16 * 1024} characters.", _ => Task.FromResult(new string('a', (16 * 1024) + 1)));
    }

    private static async Task<string> SelfKeyedAsync(IdentityHost host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = key.ExportParameters(false).Q;
        var jwk = new { kty = "EC", crv = "P-256", x = Base64Url.EncodeToString(point.X), y = Base64Url.EncodeToString(point.Y) };
        return TestJwt.Write(
            TestJwt.Header("ES256", null, "at+jwt", ("jwk", jwk), ("jku", "https://evil.example/keys")),
            TestJwt.Read(await host.TokenAsync()),
            bytes => key.SignData(bytes, HashAlgorithmName.SHA256));
    }

    private static TestCaseData Case(string name, string problem, Func<IdentityHost, Task<string>> forge) => Case(name, _ => problem, forge);

    private static TestCaseData Case(string name, Func<IdentityHost, string> problem, Func<IdentityHost, Task<string>> forge) =>
        new TestCaseData(forge, problem).SetName("{m}." + name);
}
