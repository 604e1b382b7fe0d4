using Cortex.Foundation.Configuration;

namespace Cortex.Backends.Discovery;

/// <summary>Backends that announce themselves: the root key <c>discovery:</c>.</summary>
internal sealed class DiscoveryOptions
{
    /// <summary>Kubernetes Services with the annotation <c>cortex.dev/backend</c>.</summary>
    public KubernetesOptions Kubernetes { get; init; } = new();
}

/// <summary><c>discovery.kubernetes:</c>.</summary>
internal sealed class KubernetesOptions
{
    /// <summary>True: Services with the annotation <c>cortex.dev/backend</c> become backends, and go with it. The gateway's service account needs get, list and watch on Services.</summary>
    [NeedsRestart]
    public bool Enabled { get; init; }

    /// <summary>Namespaces to look in. Whoever may annotate a Service there may add a backend; of two that claim one name, that of the earlier namespace stays. Default: the gateway's own.</summary>
    [NeedsRestart]
    public IReadOnlyList<string> Namespaces { get; init; } = [];

    /// <summary>Services without these labels are left out, such as <c>team=payments,tier!=test</c>. Default: none is.</summary>
    [NeedsRestart]
    public string? LabelSelector { get; init; }

    /// <summary>True: callers' minted tokens may go to Services in plaintext, since the cluster's network is trusted. Otherwise a Service needs https, or <c>allowPlaintext: true</c> of its own.</summary>
    [NeedsRestart]
    public bool AllowPlaintext { get; init; }

    /// <summary>A kubeconfig file, for a gateway outside the cluster: its current context is used. Default: the pod's service account.</summary>
    [NeedsRestart]
    public string? Kubeconfig { get; init; }
}
