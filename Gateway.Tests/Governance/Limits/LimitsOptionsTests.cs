using Cortex.Foundation.Configuration;
using Cortex.Governance.Limits;
using Cortex.Tests.Foundation.Configuration;
using NUnit.Framework;

namespace Cortex.Tests.Governance.Limits;

/// <summary>How limits are written.</summary>
internal sealed class LimitsOptionsTests
{
    [TestCase("0", true)]
    [TestCase("off", true)]
    [TestCase("'off'", true)]
    [TestCase("1", false)]
    public void Zero_and_off_switch_a_limit_off(string text, bool off)
    {
        using var folder = new ConfigFolder($"limits: {{ requests: {{ perMinute: {text} }} }}");

        var options = folder.Load().Get<LimitsOptions>();

        Assert.That((options.Requests.PerMinute.IsOff, options.Requests.Burst), Is.EqualTo((off, 1_000)));
    }

    [TestCase("requests: { perMinute: -1 }", "limits.requests.perMinute")]
    [TestCase("requests: { perMinute: many }", "limits.requests.perMinute")]
    [TestCase("requests: { perMinute: 100000001 }", "limits.requests.perMinute")]
    [TestCase("requests: { burst: 0 }", "limits.requests.burst")]
    [TestCase("requests: { clientBurst: -5 }", "limits.requests.clientBurst")]
    [TestCase("request: {}", "limits.request")]
    public void Limit_that_makes_no_sense_stops_the_start(string text, string path)
    {
        using var folder = new ConfigFolder($"limits: {{ {text} }}");

        var refused = Assert.Throws<ConfigurationException>(() => folder.Load())!;
        Assert.That(refused.Message, Does.Contain(path));
    }
}
