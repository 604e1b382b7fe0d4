using k8s;
using k8s.Exceptions;

namespace Cortex.Backends.Discovery;

/// <summary>The API server to ask, and the namespace that the gateway is in.</summary>
internal abstract record ClusterConnection
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    private ClusterConnection()
    {
    }

    internal sealed record Open(Kubernetes Client, string Namespace) : ClusterConnection;

    /// <param name="Reason">Why there is nobody to ask.</param>
    internal sealed record None(string Reason) : ClusterConnection;

    /// <summary>By the pod's service account, whose token is read anew as it changes, or by the current context of a kubeconfig file.</summary>
    public static ClusterConnection To(string? kubeconfig)
    {
        try
        {
            var configuration = kubeconfig is null ? KubernetesClientConfiguration.InClusterConfig() : KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig);
            // The client would count it against the first event of a watch too; lists are limited where they are asked for, and their bodies with them.
            configuration.HttpClientTimeout = Timeout.InfiniteTimeSpan;
            configuration.FirstMessageHandlerSetup = handler => handler.ConnectTimeout = ConnectTimeout;
            configuration.UserAgent = "cortex-gateway";
            return new Open(new Kubernetes(configuration, new WholeAnswers()), string.IsNullOrWhiteSpace(configuration.Namespace) ? "default" : configuration.Namespace.Trim());
        }
        catch (Exception exception) when (exception is KubeConfigException or IOException or UnauthorizedAccessException or FormatException
            or System.Security.Cryptography.CryptographicException or YamlDotNet.Core.YamlException)
        {
            return new None(exception.Message);
        }
    }
}
