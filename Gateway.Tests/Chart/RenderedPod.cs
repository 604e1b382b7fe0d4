using System.Text.Json.Nodes;

namespace Cortex.Tests.Chart;

/// <summary>A pod, by the kind of the object it is in.</summary>
internal sealed record RenderedPod(string Name, JsonObject Spec, JsonObject Labels)
{
    /// <summary>Those of Deployments and Jobs, and those that stand alone.</summary>
    public static IEnumerable<RenderedPod> AllIn(Manifests rendered) =>
        from kind in new[] { "Deployment", "Job", "Pod" }
        from found in rendered.OfKind(kind)
        let pod = kind == "Pod" ? found : found["spec"]!["template"]!.AsObject()
        select new RenderedPod(kind, pod["spec"]!.AsObject(), pod["metadata"]!["labels"]!.AsObject());
}
