using NUnit.Framework;

namespace Cortex.Tests.Chart;

/// <summary>Values that can't work are refused with a sentence that says what is wrong and how to mend it.</summary>
[Category("Chart")]
internal sealed class ChartRefusalTests
{
    private static IEnumerable<TestCaseData> Refusals
    {
        get
        {
            foreach (var helm in Helm.All)
            {
                yield return Case(helm, "no public address", "sqlite", ["publicUrl="], "publicUrl is not set", "such as publicUrl: https://mcp.example.com");
                yield return Case(helm, "public address with a path", "sqlite", ["publicUrl=https://mcp.example.com/mcp"], "without a path or a slash at the end");
                yield return Case(helm, "public address in plaintext", "sqlite", ["publicUrl=http://mcp.example.com"], "write https");
                yield return Case(helm, "public address twice", "sqlite", ["config.gateway.publicUrl=https://other.example.com"], "set publicUrl instead");
                yield return Case(helm, "no way to sign in", "sqlite", ["config.identity=null"], "signIn is not set", "magicLink", "identity.issuers");
                yield return Case(helm, "development sign-in", "sqlite", ["config.identity.authorizationServer.signIn={development}"], "anyone can be anyone");
                yield return Case(helm, "replicas on SQLite", "sqlite", ["replicaCount=3"], "3 replicas on SQLite", "database.existingSecret");
                yield return Case(helm, "autoscaling on SQLite", "sqlite", ["autoscaling.enabled=true"], "10 replicas on SQLite");
                yield return Case(helm, "replicas without Redis", "gateway-api", ["redis.existingSecret="], "2 replicas without Redis", "redis.existingSecret");
                yield return Case(helm, "PostgreSQL without keys", "gateway-api", ["vault.existingSecret=", "vault.keys=null"], "PostgreSQL without vault keys", "openssl rand -base64 32");
                yield return Case(helm, "Secret of keys without their names", "gateway-api", ["vault.keys=null"], "vault.keys is empty", "cortex-vault");
                yield return Case(helm, "names of keys without a Secret", "sqlite", ["vault.keys={main}"], "no Secret that holds them");
                yield return Case(helm, "connection string for a Secret", "gateway-api", ["database.existingSecret=Host=db;Password=secret"], "no name of a Secret", "kubectl create secret");
                yield return Case(helm, "more replicas at least than at most", "production", ["autoscaling.minReplicas=20"], "minReplicas is above autoscaling.maxReplicas");
                yield return Case(helm, "ingress and route", "production", ["httpRoute.enabled=true"], "both true");
                yield return Case(helm, "route without a Gateway", "gateway-api", ["httpRoute.parentRefs=null"], "httpRoute.parentRefs is empty", "parentRefs: [{name: public");
                yield return Case(helm, "ingress without TLS", "own-names", ["ingress.tls.enabled=false"], "ingress.tls.enabled is false");
                yield return Case(helm, "network policy that lets nothing out", "production", ["networkPolicy.egress=null"], "networkPolicy.egress is empty", "ipBlock");
                yield return Case(helm, "discovery without its role", "sqlite", ["config.discovery.kubernetes.enabled=true"], "set discovery.enabled: true instead");
                yield return Case(helm, "discovery everywhere", "discovery", ["discovery.namespaces={*}"], "namespaces", "[-a-z0-9]");
                yield return Case(helm, "misspelt key", "sqlite", ["ingress.enabeld=true"], "ingress", "enabeld");
                yield return Case(helm, "word for a number", "sqlite", ["replicaCount=two"], "replicaCount", "integer");
                yield return Case(helm, "unknown word", "sqlite", ["image.pullPolicy=Sometimes"], "pullPolicy", "IfNotPresent");
                yield return Case(helm, "drain without an end", "sqlite", ["drain.deadlineSeconds=86400"], "deadlineSeconds");
            }
        }
    }

    [TestCaseSource(nameof(Refusals))]
    public async Task Values_that_cannot_work_are_refused_with_the_mend(Helm helm, string values, string[] sets, string[] told)
    {
        var run = await helm.TemplateAsync(["--values", Helm.ValuesFile(values), .. sets.SelectMany(set => new[] { "--set", set })]);

        Assert.That(run.ExitCode, Is.Not.Zero, run.Output);
        foreach (var words in told)
            Assert.That(run.Error, Does.Contain(words));
        Assert.That(run.Error, Does.Not.Contain("Password=secret"));
    }

    private static TestCaseData Case(Helm helm, string what, string values, string[] sets, params string[] told) =>
        new TestCaseData(helm, values, sets, told).SetName($"{{m}}({what}, {helm})");
}
