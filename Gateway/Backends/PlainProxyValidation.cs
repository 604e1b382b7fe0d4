using Cortex.Foundation.Configuration;
using Microsoft.Extensions.Configuration;
using Yarp.ReverseProxy.Configuration;

namespace Cortex.Backends;

/// <summary>Checks <c>reverseProxy:</c> with YARP's own reader and checks, one cluster and one route at a time.</summary>
internal static class PlainProxyValidation
{
    /// <summary>Reports what YARP would refuse, but for the names of policies, which other rooms give.</summary>
    public static void Validate(PlainProxyOptions plain, SectionValidation validation)
    {
        foreach (var cluster in EntriesOf(plain.Clusters))
            Report("clusters", cluster, ProxyChecks.FaultsOfCluster(() => Read("clusters", cluster).Clusters.Single()), validation);
        foreach (var route in EntriesOf(plain.Routes))
            Report("routes", route, ProxyChecks.FaultsOfRoute(() => WithoutPolicies(Read("routes", route).Routes.Single())), validation);
    }

    /// <summary>The ids of a section's entries, as YARP compares them.</summary>
    public static HashSet<string> IdsOf(RawSection? section) => EntriesOf(section).Select(entry => entry.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);

    private static RouteConfig WithoutPolicies(RouteConfig route) => route with { AuthorizationPolicy = null, CorsPolicy = null };

    private static IEnumerable<IGrouping<string, KeyValuePair<string, string?>>> EntriesOf(RawSection? section) =>
        (section?.Values ?? new Dictionary<string, string?>()).GroupBy(value => value.Key.Split(':')[0], StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads one entry the way the gateway does, see <see cref="PlainProxyConfiguration"/>.</summary>
    private static IProxyConfig Read(string root, IEnumerable<KeyValuePair<string, string?>> entry)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddReverseProxy().LoadFromConfig(new ConfigurationBuilder()
            .AddInMemoryCollection(entry.Select(value => new KeyValuePair<string, string?>($"{root}:{value.Key}", value.Value)))
            .Build());
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IProxyConfigProvider>().GetConfig();
    }

    private static void Report(string root, IGrouping<string, KeyValuePair<string, string?>> entry, string[] faults, SectionValidation validation)
    {
        var below = entry
            .Where(value => value.Key.Length > entry.Key.Length)
            .Select(value => new KeyValuePair<string, string?>(value.Key[(entry.Key.Length + 1)..], value.Value))
            .ToList();
        foreach (var fault in faults)
            ProxyChecks.Report($"reverseProxy.{root}.{entry.Key}", entry.Key, below, fault, validation);
    }
}
