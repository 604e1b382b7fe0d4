using Cortex.Backends;
using Cortex.Foundation.Configuration;
using Cortex.Identity.Callers;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.Configuration;

internal sealed class OverrideTests
{
    [TestCase("CORTEX__gateway__publicUrl")]
    [TestCase("CORTEX__GATEWAY__PUBLICURL")]
    [TestCase("cortex__Gateway__PublicUrl")]
    public void Override_wins_over_the_file_in_any_case(string name)
    {
        using var folder = new ConfigFolder("gateway: {publicUrl: http://localhost:1}");
        folder.Environment[name] = "http://localhost:2";

        Assert.That(folder.Load().Get<GatewayOptions>().PublicUrl, Is.EqualTo("http://localhost:2"));
    }

    [Test]
    public void Override_of_a_section_that_is_not_written_is_taken()
    {
        using var folder = new ConfigFolder();
        folder.Environment["CORTEX__identity__authorizationServer__enabled"] = "false";
        folder.Environment["CORTEX__identity__issuers__0__issuer"] = "https://login.example";

        var identity = folder.Load().Get<IdentityOptions>();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(identity.AuthorizationServer.Enabled, Is.False);
            Assert.That(identity.Issuers.Single().Issuer, Is.EqualTo("https://login.example"));
        }
    }

    [Test]
    public void List_items_are_replaced_and_added_by_number()
    {
        using var folder = new ConfigFolder("gateway: {trustedProxies: [10.0.0.1, 10.0.0.2]}");
        folder.Environment["CORTEX__gateway__trustedProxies__1"] = "10.0.0.9";
        folder.Environment["CORTEX__gateway__trustedProxies__2"] = "10.0.0.3";

        Assert.That(folder.Load().Get<GatewayOptions>().TrustedProxies, Is.EqualTo(new[] { "10.0.0.1", "10.0.0.9", "10.0.0.3" }));
    }

    [TestCase("plans: {free: ['mcp:a', 'mcp:b']}", "free__1", "mcp:c", new[] { "mcp:a", "mcp:c" })]
    [TestCase("plans: {free: ['mcp:a', 'mcp:b']}", "free__scopes__1", "mcp:c", new[] { "mcp:a", "mcp:c" })]
    [TestCase("plans: {free: ['mcp:a']}", "free__displayName", "Free", new[] { "mcp:a" })]
    [TestCase("plans: {free: {displayName: Free, scopes: ['mcp:a']}}", "free__1", "mcp:c", new[] { "mcp:a", "mcp:c" })]
    [TestCase("plans: {}", "free__0", "mcp:c", new[] { "mcp:c" })]
    public void List_that_stands_for_its_options_is_overridden_in_either_form(string written, string name, string value, string[] scopes)
    {
        using var folder = new ConfigFolder($"identity: {{{written}}}");
        folder.Environment[$"CORTEX__identity__plans__{name}"] = value;

        Assert.That(folder.Load().Get<IdentityOptions>().Plans["free"].Scopes.Select(scope => scope.Value), Is.EqualTo(scopes));
    }

    [Test]
    public void Secret_may_be_a_literal_and_is_taken_letter_by_letter()
    {
        using var folder = new ConfigFolder("backends: {notes: {url: http://localhost:1}}");
        folder.Environment["CORTEX__BACKENDS__NOTES__CATALOGTOKEN"] = "a${b";

        Assert.That(folder.Load().Get<BackendsOptions>()["notes"].CatalogToken!.Reveal(), Is.EqualTo("a${b"));
    }

    [Test]
    public void Empty_override_puts_the_default_back()
    {
        using var folder = new ConfigFolder("gateway: {name: Other}");
        folder.Environment["CORTEX__gateway__name"] = "";

        Assert.That(folder.Load().Get<GatewayOptions>().Name, Is.EqualTo("Cortex"));
    }

    [TestCase("CORTEX__gateway__publicUri", "http://localhost:1", "gateway.publicUri", "Did you mean 'publicUrl'?")]
    [TestCase("CORTEX__gatewy__name", "x", "gatewy", "Did you mean 'gateway'?")]
    [TestCase("CORTEX__gateway", "x", "gateway", "Add __<key>")]
    [TestCase("CORTEX__gateway__name__x", "x", "gateway.name", "End the variable's name here")]
    [TestCase("CORTEX__gateway__trustedProxies", "10.0.0.1", "gateway.trustedProxies", "__<number>")]
    [TestCase("CORTEX__gateway__trustedProxies__7", "10.0.0.1", "gateway.trustedProxies", "the next one is 0")]
    [TestCase("CORTEX__gateway__trustedProxies__x", "10.0.0.1", "gateway.trustedProxies", "the next one is 0")]
    [TestCase("CORTEX__gateway__maxBodyBytes", "many", "gateway.maxBodyBytes", "digits")]
    [TestCase("CORTEX__gateway__publicUrl", "http://remote.example", "gateway.publicUrl", "https://remote.example")]
    [TestCase("CORTEX__backends__nowhere__url", "http://localhost:1", "backends.nowhere", "Unset the variable")]
    public void Faulty_override_is_told_with_the_variable(string name, string value, string path, string mend)
    {
        using var folder = new ConfigFolder();
        folder.Environment[name] = value;

        var error = folder.Faults().Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(error.Origin, Is.EqualTo(new Origin.Variable(name)));
            Assert.That(error.Path, Is.EqualTo(path));
            Assert.That(error.Mend, Does.Contain(mend));
            Assert.That(error.ToString(), Does.StartWith($"environment variable {name}: "));
        }
    }
}
