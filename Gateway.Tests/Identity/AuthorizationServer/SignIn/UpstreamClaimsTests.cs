using System.Text.Json.Nodes;
using Cortex.Identity.AuthorizationServer.SignIn.Oidc;
using Cortex.Identity.Callers;
using NUnit.Framework;

namespace Cortex.Tests.Identity.AuthorizationServer.SignIn;

/// <summary>What a provider's claims come to, and whom they let in.</summary>
internal sealed class UpstreamClaimsTests
{
    [TestCase("""{ "email": "a@b.example", "email_verified": true }""", "a@b.example", true)]
    [TestCase("""{ "email": "A@B.example", "email_verified": "true" }""", "a@b.example", true)]
    [TestCase("""{ "email": "a@b.example", "email_verified": "false" }""", "a@b.example", false)]
    [TestCase("""{ "email": "a@b.example", "email_verified": [true] }""", "a@b.example", false)]
    [TestCase("""{ "email": "a@b.example" }""", "a@b.example", false)]
    [TestCase("""{ "email": "no address", "email_verified": true }""", null, false)]
    [TestCase("""{ "email_verified": true }""", null, false)]
    public void Address_is_verified_only_where_the_provider_says_so(string claims, string? email, bool verified)
    {
        var mapped = Read(claims).Map(new ProviderClaimOptions());

        Assert.That((mapped.Email, mapped.EmailVerified), Is.EqualTo((email, verified)));
    }

    [TestCase("""{ "roles": ["b", "a", "b"] }""", "roles", "a,b")]
    [TestCase("""{ "realm_access": { "roles": ["staff"] } }""", "realm_access.roles", "staff")]
    [TestCase("""{ "https://corp.example/groups": ["x"] }""", "https://corp.example/groups", "x")]
    [TestCase("""{ "groups": "one" }""", "groups", "one")]
    [TestCase("""{ "groups": [{ "a": 1 }, null, "ok", "line\nbreak"] }""", "groups", "ok")]
    [TestCase("""{ "groups": null }""", "groups", "")]
    [TestCase("""{ "realm_access": "text" }""", "realm_access.roles", "")]
    public void Groups_come_from_a_list_a_text_or_a_path(string claims, string name, string groups)
    {
        var mapped = Read(claims).Map(new ProviderClaimOptions { Groups = name });

        Assert.That(string.Join(',', mapped.Groups!.Value.Names), Is.EqualTo(groups));
    }

    [Test]
    public void Id_token_outweighs_the_user_info()
    {
        var claims = Read("""{ "sub": "one", "role": "reader" }""");
        claims.Add(new JsonObject { ["role"] = "admin", ["name"] = "One" });

        var mapped = claims.Map(new ProviderClaimOptions { Role = "role" });

        Assert.That((mapped.Role, mapped.Name), Is.EqualTo(("reader", "One")));
    }

    [TestCase("a@corp.example", true, true)]
    [TestCase("a@CORP.example", true, true)]
    [TestCase("a@corp.example", false, false)]
    [TestCase("a@evil.example", true, false)]
    [TestCase("a@x.corp.example", true, false)]
    [TestCase(null, false, false)]
    public void Only_verified_addresses_of_the_allowed_domains_come_in(string? email, bool verified, bool allowed)
    {
        var provider = new ProviderOptions { AllowedDomains = ["corp.example"] };

        Assert.That(ProviderAdmission.FindRefusal(provider, new PersonClaims(email, verified, null, null, null)) is null, Is.EqualTo(allowed));
    }

    [TestCase(true, true)]
    [TestCase(false, false)]
    public void Provider_may_ask_for_a_verified_address(bool verified, bool allowed)
    {
        var provider = new ProviderOptions { RequireVerifiedEmail = true };

        Assert.That(ProviderAdmission.FindRefusal(provider, new PersonClaims("a@b.example", verified, null, null, null)) is null, Is.EqualTo(allowed));
    }

    private static UpstreamClaims Read(string json) => new((JsonObject)JsonNode.Parse(json)!);
}
