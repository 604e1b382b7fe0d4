using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using Cortex.Identity.Callers;
using NUnit.Framework;

namespace Cortex.Tests.Identity.Callers;

/// <summary>Tokens of issuers the company already has.</summary>
internal sealed class ExternalIssuerTests
{
    [Test]
    public async Task Token_counts_when_the_issuer_is_found_by_openid_discovery([Values("", "/realms/main")] string path)
    {
        using var issuer = new TestIssuer(path).WithOpenIdConfiguration();
        await using var host = await IdentityHost.StartAsync(Trusting(issuer));

        var caller = await host.WhoAmIAsync(issuer.Token(host, ("email", "sam@example.com"), ("email_verified", true)));

        Assert.That(caller.GetProperty("person").GetString(), Does.StartWith("p_"));
        Assert.That(caller.GetProperty("email").GetString(), Is.EqualTo("sam@example.com"));
        Assert.That(caller.GetProperty("verified").GetBoolean(), Is.True);
        Assert.That(caller.GetProperty("issuer").GetString(), Is.EqualTo(issuer.Issuer));
        Assert.That(issuer.KeySetRequests, Is.EqualTo(1));
    }

    [Test]
    public async Task Token_counts_when_the_issuer_is_found_by_rfc_8414([Values("", "/tenant")] string path)
    {
        using var issuer = new TestIssuer(path).WithServerMetadata();
        await using var host = await IdentityHost.StartAsync(Trusting(issuer));

        Assert.That((await host.WhoAmIAsync(issuer.Token(host))).GetProperty("scopes").GetString(), Is.EqualTo("mcp:notes:read"));
    }

    [Test]
    public async Task Token_counts_when_the_key_set_is_configured()
    {
        using var issuer = new TestIssuer();
        await using var host = await IdentityHost.StartAsync(Trusting(issuer, $", jwksUrl: '{issuer.KeySetUrl}'"));

        Assert.That((await host.WhoAmIAsync(issuer.Token(host))).GetProperty("client").GetString(), Is.EqualTo("agent"));
    }

    [Test]
    public async Task Token_for_another_audience_teaches_nothing_of_the_person()
    {
        using var issuer = new TestIssuer().WithOpenIdConfiguration();
        await using var host = await IdentityHost.StartAsync(Trusting(issuer));
        (string, object?)[] forged = [("aud", "https://other.example"), ("email", "boss@example.com"), ("email_verified", true), ("role", "admin")];

        using var refused = await host.CallAsync(issuer.Token(host, forged));
        var caller = await host.WhoAmIAsync(issuer.Token(host));

        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(caller.GetProperty("email").GetString(), Is.Null);
    }

    [Test]
    public async Task Metadata_that_names_another_issuer_is_not_believed()
    {
        using var issuer = new TestIssuer().WithOpenIdConfiguration(issuer: "https://victim.example");
        await using var host = await IdentityHost.StartAsync(Trusting(issuer));

        using var response = await host.CallAsync(issuer.Token(host));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(issuer.KeySetRequests, Is.Zero);
    }

    [TestCase("http://169.254.169.254/keys")]
    [TestCase("https://10.0.0.1/keys")]
    [TestCase("https://[::ffff:10.0.0.1]/keys")]
    [TestCase("file:///etc/passwd")]
    public async Task Key_set_at_a_private_address_is_not_fetched(string keySetUrl)
    {
        using var issuer = new TestIssuer().WithOpenIdConfiguration(keySetUrl: keySetUrl);
        await using var host = await IdentityHost.StartAsync(Trusting(issuer));

        using var response = await host.CallAsync(issuer.Token(host));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
    }

    [Test]
    public async Task Redirected_key_set_is_not_followed()
    {
        using var issuer = new TestIssuer().WithOpenIdConfiguration();
        issuer.Redirect("/keys", "http://127.0.0.1/elsewhere");
        await using var host = await IdentityHost.StartAsync(Trusting(issuer));

        using var response = await host.CallAsync(issuer.Token(host));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
    }

    [Test]
    public async Task Giant_key_set_is_not_read()
    {
        using var issuer = new TestIssuer().WithOpenIdConfiguration();
        issuer.Answer("/keys", $"{{\"keys\":[],\"x\":\"{new string('x', 300 * 1024)}\"}}");
        await using var host = await IdentityHost.StartAsync(Trusting(issuer));

        using var response = await host.CallAsync(issuer.Token(host));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
    }

    [Test]
    public async Task Rotated_key_is_found_by_one_fetch_and_the_old_one_counts_no_longer()
    {
        using var issuer = new TestIssuer().WithOpenIdConfiguration();
        await using var host = await IdentityHost.StartAsync(Trusting(issuer));
        var before = issuer.Token(host, ("jti", "unseen"));
        await host.WhoAmIAsync(issuer.Token(host));

        issuer.Rotate();
        host.Time.Advance(IssuerKeys.MinInterval);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => host.WhoAmIAsync(issuer.Token(host))));
        using var old = await host.CallAsync(before);

        Assert.That(issuer.KeySetRequests, Is.EqualTo(2));
        Assert.That(old.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task Flood_of_unknown_key_ids_does_not_reach_the_issuer()
    {
        using var issuer = new TestIssuer().WithOpenIdConfiguration();
        await using var host = await IdentityHost.StartAsync(Trusting(issuer));
        await host.WhoAmIAsync(issuer.Token(host));

        for (var i = 0; i < 20; i++)
        {
            using var response = await host.CallAsync(TestJwt.Write(
                TestJwt.Header("ES256", $"made-up-{i}", "JWT"), TestJwt.Payload(host.Time, issuer.Issuer, host.Resource, "sam"), _ => new byte[64]));
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        }

        Assert.That(issuer.KeySetRequests, Is.EqualTo(1));
    }

    [Test]
    public async Task Issuer_that_is_down_is_503_for_its_own_tokens_and_nothing_for_others()
    {
        using var issuer = new TestIssuer();
        await using var host = await IdentityHost.StartAsync(Trusting(issuer));
        issuer.Stop();

        using var response = await host.CallAsync(issuer.Token(host));
        var other = await host.WhoAmIAsync(await host.TokenAsync());

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(response.Headers.WwwAuthenticate, Is.Empty);
        Assert.That(response.Headers.RetryAfter?.Delta, Is.EqualTo(IssuerKeys.MinInterval));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("\"error\":\"temporarily_unavailable\""));
        Assert.That(other.GetProperty("client").GetString(), Is.EqualTo("agent"));
    }

    [Test]
    public async Task Issuer_that_comes_back_is_asked_again()
    {
        using var issuer = new TestIssuer();
        await using var host = await IdentityHost.StartAsync(Trusting(issuer));
        using var down = await host.CallAsync(issuer.Token(host));

        issuer.WithOpenIdConfiguration();
        using var soon = await host.CallAsync(issuer.Token(host));
        host.Time.Advance(IssuerKeys.MinInterval);
        using var later = await host.CallAsync(issuer.Token(host));

        Assert.That(down.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(soon.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(later.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Known_keys_outlast_an_outage_but_not_for_ever()
    {
        using var issuer = new TestIssuer().WithOpenIdConfiguration();
        await using var host = await IdentityHost.StartAsync(Trusting(issuer));
        await host.WhoAmIAsync(issuer.Token(host));
        issuer.Stop();

        host.Time.Advance(IssuerKeys.RenewAfter);
        using var during = await host.CallAsync(issuer.Token(host));
        host.Time.Advance(IssuerKeys.UsableFor);
        using var after = await host.CallAsync(issuer.Token(host));

        Assert.That(during.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(after.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
    }

    [Test]
    public async Task Shared_secret_in_the_key_set_signs_nothing()
    {
        using var issuer = new TestIssuer().WithOpenIdConfiguration();
        var secret = RandomNumberGenerator.GetBytes(32);
        issuer.PublishKeys(new { kty = "oct", kid = "shared", k = Base64Url.EncodeToString(secret) });
        await using var host = await IdentityHost.StartAsync(Trusting(issuer));

        using var response = await host.CallAsync(TestJwt.Write(
            TestJwt.Header("HS256", "shared", "JWT"), TestJwt.Payload(host.Time, issuer.Issuer, host.Resource, "sam"), bytes => HMACSHA256.HashData(secret, bytes)));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task External_issuer_can_not_speak_for_the_embedded_one()
    {
        using var issuer = new TestIssuer().WithOpenIdConfiguration();
        await using var host = await IdentityHost.StartAsync(Trusting(issuer));
        var victim = await host.AddPersonAsync();

        using var forged = await host.CallAsync(issuer.Token(host, ("iss", host.Url + "/"), ("sub", victim.Id.Value)));
        var own = await host.WhoAmIAsync(issuer.Token(host, ("sub", victim.Id.Value), ("email", victim.Email), ("email_verified", true)));

        Assert.That(forged.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(own.GetProperty("person").GetString(), Is.Not.EqualTo(victim.Id.Value));
    }

    [Test]
    public async Task Same_subject_and_email_at_two_issuers_are_two_persons()
    {
        using var one = new TestIssuer().WithOpenIdConfiguration();
        using var two = new TestIssuer().WithOpenIdConfiguration();
        await using var host = await IdentityHost.StartAsync($"{{ issuers: [{{ issuer: '{one.Issuer}' }}, {{ issuer: '{two.Issuer}' }}] }}");

        var first = await host.WhoAmIAsync(one.Token(host, ("email", "sam@example.com"), ("email_verified", true)));
        var second = await host.WhoAmIAsync(two.Token(host, ("email", "sam@example.com"), ("email_verified", true)));

        Assert.That(first.GetProperty("person").GetString(), Is.Not.EqualTo(second.GetProperty("person").GetString()));
    }

    [TestCase(null)]
    [TestCase(false)]
    [TestCase("yes")]
    [TestCase(1)]
    public async Task Email_that_the_issuer_does_not_vouch_for_is_not_verified(object? verified)
    {
        using var issuer = new TestIssuer().WithOpenIdConfiguration();
        await using var host = await IdentityHost.StartAsync(Trusting(issuer));

        var caller = await host.WhoAmIAsync(issuer.Token(host, ("email", "boss@example.com"), ("email_verified", verified)));

        Assert.That(caller.GetProperty("verified").GetBoolean(), Is.False);
    }

    [TestCaseSource(nameof(OddSubjects))]
    public async Task Subject_that_is_no_text_is_nobody(object subject)
    {
        using var issuer = new TestIssuer().WithOpenIdConfiguration();
        await using var host = await IdentityHost.StartAsync(Trusting(issuer, ", subjectClaim: oid"));

        using var response = await host.CallAsync(issuer.Token(host, ("oid", subject)));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(response.Headers.WwwAuthenticate.ToString(), Does.Contain("The token's claim 'oid' names no person."));
    }

    [TestCaseSource(nameof(Machines))]
    public async Task Machine_has_no_person((string Name, object? Value)[] claims)
    {
        using var issuer = new TestIssuer().WithOpenIdConfiguration();
        await using var host = await IdentityHost.StartAsync(Trusting(issuer));

        var caller = await host.WhoAmIAsync(issuer.Token(host, claims));

        Assert.That(caller.GetProperty("person").GetString(), Is.Null);
        Assert.That(caller.GetProperty("client").GetString(), Is.EqualTo("robot"));
    }

    [Test]
    public async Task Scopes_come_from_every_configured_claim_through_the_map()
    {
        using var issuer = new TestIssuer().WithOpenIdConfiguration();
        await using var host = await IdentityHost.StartAsync(Trusting(
            issuer, ", scopeClaims: [scp, groups], scopeMap: { 'Note Writers': ['mcp:notes:read', 'mcp:notes:write'], old: ['mcp:new'] }"));

        var caller = await host.WhoAmIAsync(issuer.Token(
            host, ("scope", "mcp:ignored"), ("scp", "mcp:a old"), ("groups", new[] { "Note Writers", "cortex:admin" })));

        Assert.That(caller.GetProperty("tokenScopes").GetString(), Is.EqualTo("cortex:admin mcp:a mcp:new mcp:notes:read mcp:notes:write"));
        Assert.That(caller.GetProperty("scopes").GetString(), Is.EqualTo("mcp:a mcp:new mcp:notes:read mcp:notes:write"));
    }

    [Test]
    public async Task Person_is_named_by_the_configured_claim()
    {
        using var issuer = new TestIssuer().WithOpenIdConfiguration();
        await using var host = await IdentityHost.StartAsync(Trusting(issuer, ", subjectClaim: oid"));

        var first = await host.WhoAmIAsync(issuer.Token(host, ("sub", "pairwise-1"), ("oid", "sam")));
        var second = await host.WhoAmIAsync(issuer.Token(host, ("sub", "pairwise-2"), ("oid", "sam")));
        using var without = await host.CallAsync(issuer.Token(host));

        Assert.That(first.GetProperty("person").GetString(), Is.EqualTo(second.GetProperty("person").GetString()));
        Assert.That(without.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task Configured_audience_counts_in_place_of_the_resource()
    {
        using var issuer = new TestIssuer().WithOpenIdConfiguration();
        await using var host = await IdentityHost.StartAsync(Trusting(issuer, ", audience: 'api://cortex'"));

        using var configured = await host.CallAsync(issuer.Token(host, ("aud", new[] { "other", "api://cortex" })));
        using var resource = await host.CallAsync(issuer.Token(host));

        Assert.That(configured.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(resource.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [TestCase("logout+jwt")]
    [TestCase("dpop+jwt")]
    [TestCase("secevent+jwt")]
    public async Task Jwt_of_another_kind_is_refused(string type)
    {
        using var issuer = new TestIssuer().WithOpenIdConfiguration();
        await using var host = await IdentityHost.StartAsync(Trusting(issuer));

        using var response = await host.CallAsync(issuer.Token(host, type, []));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task Rsa_key_and_missing_key_id_and_type_are_accepted()
    {
        using var issuer = new TestIssuer().WithOpenIdConfiguration();
        using var rsa = RSA.Create(2048);
        var parameters = rsa.ExportParameters(false);
        issuer.PublishKeys(new
        {
            kty = "RSA",
            n = Base64Url.EncodeToString(parameters.Modulus),
            e = Base64Url.EncodeToString(parameters.Exponent),
        });
        await using var host = await IdentityHost.StartAsync(Trusting(issuer));

        var caller = await host.WhoAmIAsync(TestJwt.Write(
            TestJwt.Header("PS256", null, null),
            TestJwt.Payload(host.Time, issuer.Issuer, host.Resource, "sam"),
            bytes => rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pss)));

        Assert.That(caller.GetProperty("client").GetString(), Is.EqualTo("agent"));
    }

    [Test]
    public async Task Token_of_an_issuer_that_is_trusted_no_longer_is_refused_at_once()
    {
        using var issuer = new TestIssuer().WithOpenIdConfiguration();
        await using var host = await IdentityHost.StartAsync(Trusting(issuer));
        var token = issuer.Token(host);
        await host.WhoAmIAsync(token);

        await host.ReconfigureAsync("{}");

        using var response = await host.CallAsync(token);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task Issuer_is_not_asked_again_when_something_else_of_the_configuration_changes()
    {
        using var issuer = new TestIssuer().WithOpenIdConfiguration();
        await using var host = await IdentityHost.StartAsync(Trusting(issuer));
        await host.WhoAmIAsync(issuer.Token(host));

        await host.ReconfigureAsync(Trusting(issuer, ", scopeClaims: [scp]"));
        var caller = await host.WhoAmIAsync(issuer.Token(host, ("scp", "mcp:a")));

        Assert.That(caller.GetProperty("scopes").GetString(), Is.EqualTo("mcp:a"));
        Assert.That(issuer.KeySetRequests, Is.EqualTo(1));
    }

    private static IEnumerable<object> OddSubjects() =>
        ["", new string('a', 256), "line\nbreak", "nul\0", true, new Dictionary<string, string> { ["a"] = "b" }, new[] { "sam", "max" }];

    private static IEnumerable<TestCaseData> Machines()
    {
        yield return new TestCaseData((object)new (string, object?)[] { ("sub", "robot"), ("client_id", "robot") }).SetName("{m}.Subject_is_the_client");
        yield return new TestCaseData((object)new (string, object?)[] { ("sub", "robot"), ("client_id", null), ("azp", "robot") }).SetName("{m}.Subject_is_the_authorized_party");
        yield return new TestCaseData((object)new (string, object?)[] { ("sub", "x"), ("client_id", "robot"), ("gty", "client-credentials") }).SetName("{m}.Grant_type_says_so");
        yield return new TestCaseData((object)new (string, object?)[] { ("sub", "x"), ("client_id", null), ("appid", "robot"), ("idtyp", "app") }).SetName("{m}.Token_type_says_so");
    }

    private static string Trusting(TestIssuer issuer, string more = "") => $"{{ issuers: [{{ issuer: '{issuer.Issuer}'{more} }}] }}";
}
