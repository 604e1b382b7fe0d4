using System.Net;
using System.Text.Json;
using Cortex.Foundation.Configuration;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Cortex.Backends.Discovery;

/// <summary>Why a cluster can't be asked, in words that name the mend.</summary>
internal static class ClusterFault
{
    private const string Path = "discovery.kubernetes";
    private const string Meanwhile = "the backends that were found until then stay";

    /// <summary>There is nobody to ask.</summary>
    public static ConfigurationError NoCluster(string reason) => new(
        new Origin.Place("Kubernetes", 0, 0),
        Path,
        $"there is no cluster to ask: {Sentence(reason)}",
        $"Run the gateway in a pod with its service account's token mounted, or set {Path}.kubeconfig, and start it again");

    /// <summary>Services of a namespace can't be listed or watched.</summary>
    /// <param name="verb">What was tried: <c>list</c> or <c>watch</c>.</param>
    public static ConfigurationError Of(Exception exception, string verb, string @namespace)
    {
        var (key, problem, mend) = exception switch
        {
            HttpOperationException { Response: { } answer } => Of(answer, verb, @namespace),
            OperationCanceledException => ("", "the API server does not answer in time", $"Let the gateway out to it, with networkPolicy.apiServer in the chart; {Meanwhile}"),
            _ => ("", $"the API server can't be reached: {Sentence(exception.GetBaseException().Message)}", $"Let the gateway out to it, with networkPolicy.apiServer in the chart; {Meanwhile}"),
        };
        return new ConfigurationError(new Origin.Place($"Kubernetes namespace {@namespace}", 0, 0), Path + key, problem, mend);
    }

    private static (string Key, string Problem, string Mend) Of(HttpResponseMessageWrapper answer, string verb, string @namespace) => answer.StatusCode switch
    {
        HttpStatusCode.Forbidden => (
            ".namespaces",
            $"the API server forbids to {verb} Services: {Sentence(MessageOf(answer))}",
            $"Give the gateway's service account a Role with get, list and watch on services in '{@namespace}', as the chart does for each of discovery.namespaces, or take the namespace out"),
        HttpStatusCode.Unauthorized => ("", "the API server does not take the gateway's credentials (401)", "Check that the service account exists and its token is mounted, or the user of the kubeconfig"),
        HttpStatusCode.BadRequest => (".labelSelector", $"the API server does not understand the request: {Sentence(MessageOf(answer))}", "Write labels as kubectl takes them with -l, such as team=payments,tier!=test"),
        var status => ("", $"the API server answers {(int)status}: {Sentence(MessageOf(answer))}", $"See the API server's own log; it is asked again, and {Meanwhile}"),
    };

    /// <summary>The message of the Status object in the body, where there is one.</summary>
    private static string MessageOf(HttpResponseMessageWrapper answer)
    {
        try
        {
            return KubernetesJson.Deserialize<V1Status>(answer.Content).Message ?? answer.StatusCode.ToString();
        }
        catch (JsonException)
        {
            return answer.StatusCode.ToString();
        }
    }

    private static string Sentence(string text) => text.Length <= 300 ? text.TrimEnd('.') : $"{text.AsSpan(0, 300)}...";
}
