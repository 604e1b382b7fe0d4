using System.Text.Json.Nodes;
using Cortex.Foundation.Configuration;
using k8s;
using k8s.Models;
using NUnit.Framework;

namespace Cortex.Tests.Chart;

/// <summary>Each Helm over each values file: it lints, every object is one that Kubernetes takes, and the configuration is one that the gateway takes.</summary>
[Category("Chart")]
internal sealed class ChartMatrixTests
{
    private static readonly Dictionary<string, Type> Types = new()
    {
        ["v1/ConfigMap"] = typeof(V1ConfigMap),
        ["v1/PersistentVolumeClaim"] = typeof(V1PersistentVolumeClaim),
        ["v1/Pod"] = typeof(V1Pod),
        ["v1/Service"] = typeof(V1Service),
        ["v1/ServiceAccount"] = typeof(V1ServiceAccount),
        ["apps/v1/Deployment"] = typeof(V1Deployment),
        ["autoscaling/v2/HorizontalPodAutoscaler"] = typeof(V2HorizontalPodAutoscaler),
        ["batch/v1/Job"] = typeof(V1Job),
        ["networking.k8s.io/v1/Ingress"] = typeof(V1Ingress),
        ["networking.k8s.io/v1/NetworkPolicy"] = typeof(V1NetworkPolicy),
        ["policy/v1/PodDisruptionBudget"] = typeof(V1PodDisruptionBudget),
        ["rbac.authorization.k8s.io/v1/Role"] = typeof(V1Role),
        ["rbac.authorization.k8s.io/v1/RoleBinding"] = typeof(V1RoleBinding),
    };

    /// <summary>Kinds that come with the Gateway API and the Prometheus operator, of which the client has no model.</summary>
    private static readonly string[] Foreign = ["HTTPRoute", "ServiceMonitor"];

    private static IEnumerable<object[]> Cells => ChartMatrix.Cells;

    private static IEnumerable<string> ValuesFiles => Helm.ValuesFiles;

    [TestCaseSource(nameof(Cells))]
    public async Task Chart_passes_a_strict_lint(Helm helm, string values)
    {
        var run = await helm.RunAsync("lint", "--strict", Helm.Chart, "--values", Helm.ValuesFile(values));

        Assert.That(run.ExitCode, Is.Zero, run.Output + run.Error);
        Assert.That(run.Output + run.Error, Does.Not.Contain("funcMap fail").And.Not.Contain("[WARNING]"));
    }

    [TestCaseSource(nameof(Cells))]
    public async Task Objects_lack_nothing_and_have_the_right_types(Helm helm, string values)
    {
        var rendered = await ChartMatrix.OfAsync(values, helm);

        Assert.That(rendered.Objects, Has.Count.GreaterThan(5));
        Assert.That(rendered.Faults, Is.Empty);
    }

    [TestCaseSource(nameof(ValuesFiles))]
    public async Task Objects_have_no_field_that_Kubernetes_does_not_know(string values)
    {
        var rendered = await ChartMatrix.OfAsync(values);
        var known = rendered.Text.Split("\n---\n").Where(text => !Foreign.Any(kind => text.Contains($"\nkind: {kind}\n", StringComparison.Ordinal)));

        Assert.That(() => KubernetesYaml.LoadAllFromString(string.Join("\n---\n", known), Types, strict: true), Throws.Nothing);
    }

    [Test]
    public void Strict_reading_sees_an_unknown_field() => Assert.That(
        () => KubernetesYaml.LoadAllFromString("apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {prots: []}\n", Types, strict: true),
        Throws.Exception.With.Message.Contains("prots"));

    [TestCaseSource(nameof(ValuesFiles))]
    public async Task Both_Helms_render_the_same(string values)
    {
        var three = await ChartMatrix.OfAsync(values, new Helm(3));
        var four = await ChartMatrix.OfAsync(values, new Helm(4));

        Assert.That(four.Objects.Select(Text), Is.EquivalentTo(three.Objects.Select(Text)));

        static string Text(JsonObject rendered) => rendered.ToJsonString();
    }

    [TestCaseSource(nameof(ValuesFiles))]
    public async Task Configuration_is_one_that_the_gateway_takes(string values)
    {
        using var folder = new ChartConfiguration((await ChartMatrix.OfAsync(values)).Configuration);

        var snapshot = folder.Load().Current;

        Assert.That(snapshot.FileErrors, Is.Empty);
    }

    [Test]
    public async Task Configuration_of_the_migration_job_is_one_that_the_gateway_takes()
    {
        var rendered = await ChartMatrix.OfAsync("production");
        using var folder = new ChartConfiguration((string)rendered.Single("ConfigMap", "demo-cortex-migrate")["data"]!["cortex.yaml"]!);

        Assert.That(folder.Load, Throws.Nothing);
        Assert.That(folder.Load().Get<Cortex.Foundation.Storage.StorageOptions>().Database, Does.StartWith("postgres:Host="));
    }

    [Test]
    public async Task Values_of_the_configuration_win_over_those_of_the_chart()
    {
        using var folder = new ChartConfiguration((await ChartMatrix.OfAsync("own-names")).Configuration);

        var options = folder.Load().Get<GatewayOptions>();

        Assert.That(options.Management.Port, Is.EqualTo(9191));
        Assert.That(options.PublicUrl, Is.EqualTo("https://mcp.example.com:8443"));
        Assert.That(options.Drain.Delay, Is.EqualTo(TimeSpan.FromSeconds(5)));
    }
}
