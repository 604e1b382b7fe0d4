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
        foreach (var (root, section) in options)
        {
            foreach (var (key, value) in section.Values)
                data[$"{root}:{key}"] = value;
        }

        Data = data;
    }
}
