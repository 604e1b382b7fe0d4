using System.Text.Json.Nodes;
using NUnit.Framework;

namespace Cortex.Tests.Chart;

/// <summary>Teams' own files of backends, and who may read them from the cluster.</summary>
[Category("Chart")]
internal sealed class ChartTeamTests
{
    [Test]
    public async Task Without_sidecar_and_discovery_nothing_may_ask_the_cluster()
    {
        foreach (var values in Helm.ValuesFiles.Where(values => values is not ("labelled-backends" or "discovery")))
        {
            var rendered = await ChartMatrix.OfAsync(values);
            Assert.That(rendered.OfKind("Role").Concat(rendered.OfKind("RoleBinding")), Is.Empty);
            Assert.That(rendered.Pod["initContainers"], Is.Null);
            Assert.That(rendered.Text, Does.Not.Contain("serviceAccountToken:"));
        }
    }

    [Test]
    public async Task Token_of_the_cluster_is_the_sidecars_alone()
    {
        var rendered = await ChartMatrix.OfAsync("labelled-backends");

        Assert.That(rendered.Single("Role")["rules"]!.ToJsonString(), Is.EqualTo("""[{"apiGroups":[""],"resources":["configmaps"],"verbs":["get","list","watch"]}]"""));
        Assert.That(Mounts(rendered.Container), Does.Not.Contain("sidecar-token"));
        Assert.That(Mounts(rendered.Pod["initContainers"]![0]!), Does.Contain("sidecar-token"));
        Assert.That(rendered.Configuration, Does.Contain("/var/run/cortex/backends/*.yaml"));

        static IEnumerable<string?> Mounts(JsonNode container) => container["volumeMounts"]!.AsArray().Select(mount => (string?)mount!["name"]);
    }

    [Test]
    public async Task Team_file_bears_the_name_of_its_ConfigMap_and_may_be_missing()
    {
        var rendered = await ChartMatrix.OfAsync("team-backends");
        var sources = rendered.Pod["volumes"]!.AsArray().Single(volume => (string?)volume!["name"] == "config")!["projected"]!["sources"]!.AsArray();
        var team = sources.Single(source => (string?)source!["configMap"]!["name"] == "payments-backends")!["configMap"]!;

        Assert.That((bool)team["optional"]!);
        Assert.That(team["items"]!.ToJsonString(), Is.EqualTo("""[{"key":"cortex.yaml","path":"backends.d/payments-backends.yaml"}]"""));
        Assert.That(rendered.Container["volumeMounts"]!.ToJsonString(), Does.Contain("/run/secrets/teams/payments-backends"));
    }

    [Test]
    public async Task Team_file_is_taken_and_a_bad_one_hurts_itself_alone()
    {
        using var folder = new ChartConfiguration((await ChartMatrix.OfAsync("team-backends")).Configuration);
        folder.AddTeam("payments-backends", "backends: {payments: {kind: contract, url: 'https://payments.internal'}}");
        folder.AddTeam("search-backends", "backends: {search: {kind: contract, url: 'https://search.internal', staticSecret: '${file:/run/secrets/cortex-vault/main}'}}");

        var snapshot = folder.Load().Current;

        Assert.That(snapshot.BackendCount, Is.EqualTo(1));
        Assert.That(snapshot.FileErrors.Select(error => error.ToString()), Has.One.Contains("includeReferences"));
    }
}
