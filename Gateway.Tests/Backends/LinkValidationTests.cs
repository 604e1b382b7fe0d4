using Cortex.Backends;
using Cortex.Tests.Foundation.Configuration;
using NUnit.Framework;

namespace Cortex.Tests.Backends;

/// <summary>What a configuration may not say about linked accounts, and how each fault is mended.</summary>
internal sealed class LinkValidationTests
{
    /// <summary>Options of a backend, where the fault is, what it is, and the mend.</summary>
    public static IEnumerable<TestCaseData<string, string, string, string>> Faults =>
    [
        new("url: https://a.example, auth: linkedAccount", "auth", "native MCP servers", "kind: mcp"),
        new("kind: mcp, destinations: [https://a.example, https://b.example], auth: linkedAccount", "destinations", "there are several", "url:"),
        new("kind: mcp, url: https://a.example, link: {clientId: x}", "link", "auth is not linkedAccount", "set auth: linkedAccount"),
        new("kind: mcp, url: https://a.example, link: {scopes: [x]}", "link", "auth is not linkedAccount", "set auth: linkedAccount"),
        new("kind: mcp, url: https://a.example, link: {personalTokens: true}", "link", "auth is not linkedAccount", "set auth: linkedAccount"),
        new("kind: mcp, url: https://a.example, auth: linkedAccount, link: {clientSecret: \"${env:SECRET}\"}", "link.clientSecret", "without its id", "clientId"),
        new("kind: mcp, url: https://a.example, auth: linkedAccount, link: {clientId: ''}", "link.clientId", "is empty", "leave it out"),
        new("kind: mcp, url: https://a.example, auth: linkedAccount, link: {issuer: accounts.example}", "link.issuer", "'accounts.example' is no issuer", "https://"),
        new("kind: mcp, url: https://a.example, auth: linkedAccount, link: {scopes: ['read write']}", "link.scopes", "'read write' is no scope", "one scope an entry"),
        new("kind: mcp, url: https://a.example, catalogAccount: robot@example.com", "catalogAccount", "auth is not linkedAccount", "set auth: linkedAccount"),
        new("kind: mcp, url: https://a.example, auth: linkedAccount, catalog: perPerson, catalogAccount: robot@example.com", "catalogAccount", "each person's own account", "catalog: shared"),
        new("kind: mcp, url: https://a.example, auth: linkedAccount, catalogAccount: robot", "catalogAccount", "'robot' is no person", "p_..."),
    ];

    [TestCaseSource(nameof(Faults))]
    public void Fault_is_told_with_its_place_and_mend(string options, string key, string problem, string mend)
    {
        using var folder = new ConfigFolder($"backends:\n  canva: {{{options}}}\n");
        folder.Environment["SECRET"] = "a-secret-of-the-tests-0123456789";

        var fault = folder.Faults().Single();

        Assert.That(fault.Path, Is.EqualTo($"backends.canva.{key}"));
        Assert.That(fault.Problem, Does.Contain(problem));
        Assert.That(fault.Mend, Does.Contain(mend));
    }

    [Test]
    public void Whole_example_is_taken()
    {
        using var folder = new ConfigFolder(
            "backends:\n  canva: {kind: mcp, url: https://a.example, auth: linkedAccount, catalogAccount: robot@example.com, link: {clientId: x, clientSecret: \"${env:SECRET}\", scopes: [read], personalTokens: true}}\n");
        folder.Environment["SECRET"] = "a-secret-of-the-tests-0123456789";

        Assert.That(folder.Load().Get<BackendsOptions>()["canva"].Link.ClientId, Is.EqualTo("x"));
    }

    [Test]
    public void Linked_accounts_without_a_browser_sign_in_are_refused_in_main_and_included_files([Values] bool isIncluded)
    {
        const string Off = "identity: {authorizationServer: {enabled: false}, issuers: [{issuer: https://login.example.com}]}\n";
        const string Backend = "backends:\n  canva: {kind: mcp, url: https://a.example, auth: linkedAccount}\n";
        using var folder = new ConfigFolder(isIncluded ? Off + "include: [more.yaml]\n" : Off + Backend);
        folder.Write("more.yaml", Backend);

        var fault = (isIncluded ? folder.Load().Current.FileErrors : folder.Faults()).Single();

        Assert.That(fault.Path, Is.EqualTo("backends.canva.auth"));
        Assert.That(fault.Mend, Does.Contain("identity.authorizationServer.enabled").And.Contain("browserClient"));
    }
}
