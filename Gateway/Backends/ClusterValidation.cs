using Cortex.Foundation.Configuration;
using Cortex.Foundation.Model;

namespace Cortex.Backends;

/// <summary>Checks that YARP will take a backend's cluster, alone and beside the plain ones.</summary>
internal static class ClusterValidation
{
    /// <param name="path">YAML path of the backend.</param>
    /// <param name="id">The backend, whose cluster bears the same id.</param>
    /// <param name="options">What is written.</param>
    /// <param name="plain">Ids of the clusters of <c>reverseProxy:</c>.</param>
    /// <param name="validation">Receives every fault.</param>
    public static void Validate(string path, BackendId id, BackendOptions options, HashSet<string> plain, SectionValidation validation)
    {
        if (plain.Contains(id.Value))
            validation.Error(path, $"'{id}' is the name of a cluster below reverseProxy too", "rename one of the two");
        if (options.Cluster is not { } cluster)
            return;
        foreach (var fault in ProxyChecks.FaultsOfCluster(() => ClusterFactory.CreateFrom(id, options, [])))
            ProxyChecks.Report($"{path}.cluster", id.Value, cluster.Values, fault, validation);
    }
}
