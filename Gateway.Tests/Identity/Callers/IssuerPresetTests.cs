using System.Net;
using System.Text.Json;
using NUnit.Framework;

namespace Cortex.Tests.Identity.Callers;

/// <summary>Tokens in the shapes that well-known products give them.</summary>
internal sealed class IssuerPresetTests
{
    [Test]
    public async Task Entra_person_is_the_object_whatever_the_app_and_roles_count_through_the_map()
    {
        using var issuer = new TestIssuer("/tenant/v2.0").WithOpenIdConfiguration();
        await using var host = await IdentityHost.StartAsync(Trusting(issuer, "preset: entraId, audience: 'api://cortex', scopeMap: { 'Notes.Read': ['mcp:notes:read'], Writer: ['mcp:notes:write'] }"));
        (string, object?)[] claims = [("aud", "api://cortex"), ("client_id", null), ("azp", "agent-1"), ("oid", "object-1"), ("scope", null), ("scp", "Notes.Read"), ("roles", new[] { "Writer", "mcp:everything" })];

        var first = await host.WhoAmIAsync(issuer.Token(host, [.. claims, ("sub", "pairwise-1"), ("email", "sam@example.com"), ("xms_edov", "1")]));
        var second = await host.WhoAmIAsync(issuer.Token(host, [.. claims, ("sub", "pairwise-2"), ("email", "sam@example.com")]));

        Assert.That(Text(first, "tokenScopes"), Is.EqualTo("mcp:notes:read mcp:notes:write"), "a role that the map does not name is no scope");
        Assert.That(Text(second, "person"), Is.EqualTo(Text(first, "person")).And.StartsWith("p_"));
        Assert.That(Text(first, "client"), Is.EqualTo("agent-1"));
        Assert.That(first.GetProperty("verified").GetBoolean(), Is.True);
        Assert.That(second.GetProperty("verified").GetBoolean(), Is.False);
    }

    [Test]
    public async Task Entra_service_principal_is_a_machine_without_the_optional_claim()
    {
        using var issuer = new TestIssuer().WithOpenIdConfiguration();
        await using var host = await IdentityHost.StartAsync(Trusting(issuer, "preset: entraId, scopeMap: { Reader: ['mcp:notes:read'] }"));

        var caller = await host.WhoAmIAsync(issuer.Token(
            host, ("client_id", null), ("azp", "job-1"), ("oid", "principal-1"), ("sub", "principal-1"), ("scope", null), ("roles", new[] { "Reader" })));

        Assert.That(Text(caller, "person"), Is.Null);
        Assert.That(Text(caller, "client"), Is.EqualTo("job-1"));
        Assert.That(Text(caller, "tokenScopes"), Is.EqualTo("mcp:notes:read"));
    }

    [Test]
    public async Task Keycloak_realm_roles_count_through_the_map_and_a_service_account_is_a_machine()
    {
        using var issuer = new TestIssuer("/realms/main").WithOpenIdConfiguration();
        await using var host = await IdentityHost.StartAsync(Trusting(issuer, "preset: keycloak, scopeMap: { writer: ['mcp:notes:write'] }"));
        var roles = new Dictionary<string, object> { ["roles"] = new object[] { "writer", "mcp:all", 7 } };

        var person = await host.WhoAmIAsync(issuer.Token(host, ("scope", "openid mcp:notes:read"), ("realm_access", roles)));
        var machine = await host.WhoAmIAsync(issuer.Token(host, ("sub", "a-user-id"), ("azp", "job"), ("client_id", "job"), ("preferred_username", "service-account-job")));

        Assert.That(Text(person, "tokenScopes"), Is.EqualTo("mcp:notes:read mcp:notes:write openid"));
        Assert.That(Text(machine, "person"), Is.Null);
        Assert.That(Text(machine, "client"), Is.EqualTo("job"));
    }

    [Test]
    public async Task Auth0_permissions_are_scopes_and_claims_with_an_address_for_a_name_are_found()
    {
        using var issuer = new TestIssuer().WithOpenIdConfiguration();
        await using var host = await IdentityHost.StartAsync(Trusting(
            issuer, "preset: auth0, roleClaims: ['https://example.com/roles'], claims: { email: 'https://example.com/email' }, scopeMap: { editor: ['mcp:notes:write'] }, trustEmail: true"));

        var caller = await host.WhoAmIAsync(issuer.Token(
            host, ("permissions", new[] { "mcp:notes:list" }), ("https://example.com/roles", new[] { "editor" }), ("https://example.com/email", "sam@example.com")));

        Assert.That(Text(caller, "tokenScopes"), Is.EqualTo("mcp:notes:list mcp:notes:read mcp:notes:write"));
        Assert.That(Text(caller, "email"), Is.EqualTo("sam@example.com"));
        Assert.That(caller.GetProperty("verified").GetBoolean(), Is.True);
    }

    [Test]
    public async Task Okta_person_is_the_uid_since_the_subject_is_a_login_that_changes_hands()
    {
        using var issuer = new TestIssuer("/oauth2/default").WithOpenIdConfiguration();
        await using var host = await IdentityHost.StartAsync(Trusting(issuer, "preset: okta"));
        (string, object?)[] claims = [("client_id", null), ("cid", "agent-1"), ("scope", null), ("scp", new[] { "mcp:notes:read" }), ("sub", "sam@example.com")];

        var before = await host.WhoAmIAsync(issuer.Token(host, [.. claims, ("uid", "00u1")]));
        var after = await host.WhoAmIAsync(issuer.Token(host, [.. claims, ("uid", "00u2")]));
        using var without = await host.CallAsync(issuer.Token(host, claims));

        Assert.That(Text(before, "person"), Is.Not.EqualTo(Text(after, "person")));
        Assert.That(Text(before, "client"), Is.EqualTo("agent-1"));
        Assert.That(Text(before, "tokenScopes"), Is.EqualTo("mcp:notes:read"));
        Assert.That(without.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    private static string Trusting(TestIssuer issuer, string more) => $"{{ issuers: [{{ issuer: '{issuer.Issuer}', {more} }}] }}";

    private static string? Text(JsonElement caller, string name) => caller.GetProperty(name).GetString();
}
