using Cortex.Backends;
using Cortex.Foundation.Configuration;
using Cortex.Foundation.Model;
using Cortex.Foundation.Storage;
using Cortex.Identity.Callers;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.Configuration;

internal sealed class BindingTests
{
    [Test]
    public void Written_values_are_bound_by_their_types()
    {
        using var folder = new ConfigFolder("""
            gateway:
              allowedOrigins: [https://a.example]
              management: {port: 9090}
            identity:
              requiredScopes: [mcp:base]
              plans:
                free: ["mcp:notes:read", "mcp:notes:write"]
            storage: {migrate: onStart}
            backends:
              notes:
                kind: mcp
                url: https://notes.example/mcp
                auth: userToken
                timeout: 1500ms
                staleAfter: 2d
                allowPlaintext: true
                scopes: {"delete_*": mcp:notes:write}
                cluster:
                  loadBalancingPolicy: PowerOfTwoChoices
                  healthCheck: {passive: {enabled: true}}
            """);

        var live = folder.Load();

        var notes = live.Get<BackendsOptions>()["notes"];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(live.Get<GatewayOptions>().AllowedOrigins, Is.EqualTo(new[] { "https://a.example" }));
            Assert.That(live.Get<GatewayOptions>().Management.Port, Is.EqualTo(9090));
            Assert.That(live.Get<IdentityOptions>().RequiredScopes, Is.EqualTo(new[] { Scope.Parse("mcp:base") }));
            Assert.That(live.Get<IdentityOptions>().Plans["free"].Scopes, Has.Count.EqualTo(2));
            Assert.That(live.Get<StorageOptions>().Migrate, Is.EqualTo(MigrateMode.OnStart));
            Assert.That(notes.Kind, Is.EqualTo(BackendKind.Mcp));
            Assert.That(notes.Auth, Is.EqualTo(BackendAuth.UserToken));
            Assert.That(notes.Timeout, Is.EqualTo(TimeSpan.FromMilliseconds(1500)));
            Assert.That(notes.StaleAfter, Is.EqualTo(TimeSpan.FromDays(2)));
            Assert.That(notes.AllowPlaintext, Is.True);
            Assert.That(notes.Scopes["delete_*"], Is.EqualTo(Scope.Parse("mcp:notes:write")));
            Assert.That(notes.Cluster!.Values["loadBalancingPolicy"], Is.EqualTo("PowerOfTwoChoices"));
            Assert.That(notes.Cluster.Values["healthCheck:passive:enabled"], Is.EqualTo("true"));
        }
    }

    [Test]
    public void Key_without_a_value_keeps_its_default()
    {
        using var folder = new ConfigFolder("gateway:\n  publicUrl:\n  name: ~\n  allowedOrigins:\nstorage:\nbackends:\n");

        var live = folder.Load();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(live.Get<GatewayOptions>().PublicUrl, Is.EqualTo("http://localhost:8080"));
            Assert.That(live.Get<GatewayOptions>().Name, Is.EqualTo("Cortex"));
            Assert.That(live.Get<GatewayOptions>().AllowedOrigins, Has.Count.EqualTo(3));
            Assert.That(live.Get<BackendsOptions>(), Is.Empty);
        }
    }

    [Test]
    public void Anchors_and_aliases_are_followed()
    {
        using var folder = new ConfigFolder("""
            backends:
              a: {url: http://localhost:1, timeout: &t 7s}
              b: {url: http://localhost:2, timeout: *t}
            """);

        Assert.That(folder.Load().Get<BackendsOptions>()["b"].Timeout, Is.EqualTo(TimeSpan.FromSeconds(7)));
    }

    [Test]
    public void Reverse_proxy_keeps_the_schema_of_yarp()
    {
        using var folder = new ConfigFolder("""
            reverseProxy:
              routes:
                web: {clusterId: web, match: {path: "/web/{**rest}"}, transforms: [{PathRemovePrefix: /web}]}
              clusters:
                web: {destinations: {one: {address: http://localhost:1}}}
            """);

        var plain = folder.Load().Get<PlainProxyOptions>();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(plain.Routes!.Values["web:transforms:0:PathRemovePrefix"], Is.EqualTo("/web"));
            Assert.That(plain.Clusters!.Values["web:destinations:one:address"], Is.EqualTo("http://localhost:1"));
        }
    }

    [Test]
    public void Byte_order_mark_is_no_part_of_the_first_key()
    {
        using var folder = new ConfigFolder("\uFEFFgateway: {name: Marked}\n");

        Assert.That(folder.Load().Get<GatewayOptions>().Name, Is.EqualTo("Marked"));
    }
}
