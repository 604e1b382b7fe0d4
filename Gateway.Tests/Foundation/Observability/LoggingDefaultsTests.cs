using Cortex.Foundation.Observability;
using Microsoft.Extensions.Configuration;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.Observability;

[TestFixture]
internal sealed class LoggingDefaultsTests
{
    [Test]
    public void Defaults_yield_to_what_the_operator_set()
    {
        using var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Logging:Console:FormatterName"] = "json" });

        LoggingDefaults.Apply(configuration);

        Assert.Multiple(() =>
        {
            Assert.That(configuration["Logging:Console:FormatterName"], Is.EqualTo("json"));
            Assert.That(configuration["Logging:Console:FormatterOptions:SingleLine"], Is.EqualTo("true"));
        });
    }
}
