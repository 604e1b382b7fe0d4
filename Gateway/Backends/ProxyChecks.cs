using Cortex.Foundation.Configuration;
using Cortex.Foundation.Configuration.Yaml;
using Microsoft.AspNetCore.DataProtection;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Cortex.Backends;

/// <summary>
/// YARP's own checks of clusters and routes, at hand while the configuration is read and no host runs. YARP refuses a configuration as a whole: one bad cluster
/// would stop every backend. Thread-safe.
/// </summary>
internal static class ProxyChecks
{
    private static readonly Lazy<ServiceProvider> Services = new(Build);

    private static IConfigValidator Validator => Services.Value.GetRequiredService<IConfigValidator>();

    /// <summary>What is wrong with a cluster, in YARP's words; also when it can't even be made.</summary>
    public static string[] FaultsOfCluster(Func<ClusterConfig> make) => Try(() => Ended(Validator.ValidateClusterAsync(make())));

    /// <summary>What is wrong with a route, in YARP's words; also when it can't even be made, or its transforms can't.</summary>
    public static string[] FaultsOfRoute(Func<RouteConfig> make) => Try(() =>
    {
        var route = make();
        var faults = Ended(Validator.ValidateRouteAsync(route));
        if (faults.Count == 0)
            _ = Services.Value.GetRequiredService<ITransformBuilder>().Build(route, null);
        return faults;
    });

    /// <summary>Reports what YARP said, at the one key that it speaks of, or at the whole entry.</summary>
    /// <param name="path">YAML path of the entry.</param>
    /// <param name="id">Id of the cluster or route, which YARP's words may name.</param>
    /// <param name="written">What stands below <paramref name="path"/>, by flat key (<c>a:b:0</c>).</param>
    /// <param name="fault">YARP's words.</param>
    /// <param name="validation">Receives the fault.</param>
    public static void Report(string path, string id, IReadOnlyCollection<KeyValuePair<string, string?>> written, string fault, SectionValidation validation)
    {
        var keys = written.Where(entry => Quotes(fault, entry.Key, id, StringComparison.OrdinalIgnoreCase)).Select(entry => entry.Key).ToList();
        if (keys.Count == 0)
            keys = written.Where(entry => Quotes(fault, entry.Value, id, StringComparison.Ordinal)).Select(entry => entry.Key).ToList();
        var mend = fault.Contains(nameof(ILoadBalancingPolicy), StringComparison.Ordinal)
            ? $"write one of {string.Join(", ", Services.Value.GetServices<ILoadBalancingPolicy>().Select(policy => policy.Name).Order(StringComparer.Ordinal))}"
            : "write what YARP takes there (https://learn.microsoft.com/aspnet/core/fundamentals/servers/yarp/config-files), or leave it out";
        validation.Error(keys.Count == 1 ? PathOf(path, keys[0]) : path, $"YARP refuses it: {fault}", mend);
    }

    private static bool Quotes(string fault, string? text, string id, StringComparison comparison) =>
        !string.IsNullOrEmpty(text) && text != id && fault.Contains($"'{text}'", comparison);

    private static string PathOf(string path, string key) => key.Split(':').Aggregate(path, (above, segment) =>
        segment.Length > 0 && segment.All(char.IsAsciiDigit) ? $"{above}[{segment}]" : YamlPath.Key(above, segment));

    /// <summary>The checks have ended when they return: none of them waits for anything.</summary>
    private static IList<Exception> Ended(ValueTask<IList<Exception>> check) => check.AsTask().GetAwaiter().GetResult();

    private static string[] Try(Func<IList<Exception>> check)
    {
#pragma warning disable CA1031 // The edge of foreign code: readers and checks of YARP throw what they like, even a plain Exception, and each is a fault of what is written.
        try
        {
            return [.. check().Select(fault => fault.Message)];
        }
        catch (Exception exception)
        {
            return [exception.Message];
        }
#pragma warning restore CA1031
    }

    /// <summary>YARP as the gateway registers it, which adds no policy of its own. Keys for cookies are in memory: else a folder would be made for them.</summary>
    private static ServiceProvider Build()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddReverseProxy();
        services.AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider());
        return services.BuildServiceProvider();
    }
}
