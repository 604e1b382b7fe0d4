using Cortex.Foundation.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Cortex.Backends;

/// <summary>Shows <c>reverseProxy:</c> to YARP's own configuration reader, and keeps it up to date.</summary>
internal sealed class PlainProxyConfiguration : ConfigurationProvider, IConfigurationSource
{
    public PlainProxyConfiguration(IOptionsMonitor<PlainProxyOptions> options)
    {
        Take(options.CurrentValue);
        options.OnChange(changed =>
        {
            Take(changed);
            OnReload();
        });
    }

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    private void Take(PlainProxyOptions options)
    {
        var data = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        Add(data, "routes", options.Routes);
        Add(data, "clusters", options.Clusters);
        Data = data;
    }

    private static void Add(Dictionary<string, string?> data, string root, RawSection? section)
    {
        foreach (var (key, value) in section?.Values ?? new Dictionary<string, string?>())
            data[$"{root}:{key}"] = value;
    }
}
