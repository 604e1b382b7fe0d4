using Cortex.Foundation.Configuration;
using NUnit.Framework;

namespace Cortex.Tests.Backends;

/// <summary>What is wrong with <c>exchange:</c> is said at start, with the place and a way out.</summary>
internal sealed class ExchangeValidationTests
{
    private const string Good = "tokenEndpoint: 'https://login.example.com/token', clientId: cortex";

    [TestCase("auth: exchange", "backends.docs.exchange", "needs a token endpoint")]
    [TestCase($"exchange: {{ {Good} }}", "backends.docs.exchange", "auth is not exchange")]
    [TestCase("auth: exchange, exchange: { clientId: cortex }", "backends.docs.exchange.tokenEndpoint", "is not an http or https address")]
    [TestCase("auth: exchange, exchange: { tokenEndpoint: 'http://login.example.com/token', clientId: cortex }", "backends.docs.exchange.tokenEndpoint", "must be https or loopback")]
    [TestCase("auth: exchange, exchange: { tokenEndpoint: 'https://me@login.example.com/token', clientId: cortex }", "backends.docs.exchange.tokenEndpoint", "user info")]
    [TestCase("auth: exchange, exchange: { tokenEndpoint: 'https://login.example.com/token' }", "backends.docs.exchange.clientId", "no client is named")]
    [TestCase($"auth: exchange, exchange: {{ {Good}, resource: docs }}", "backends.docs.exchange.resource", "not an absolute URI")]
    [TestCase($"auth: exchange, exchange: {{ {Good}, scopes: ['a b'] }}", "backends.docs.exchange.scopes", "is not a scope")]
    public void Mistake_is_named(string options, string path, string text)
    {
        var exception = Assert.Throws<ConfigurationException>(() => Load(options))!;

        Assert.That(exception.Errors.Select(error => error.Path), Does.Contain(path));
        Assert.That(exception.Message, Does.Contain(text));
    }

    private static LiveConfiguration Load(string options)
    {
        var folder = Directory.CreateTempSubdirectory("cortex-exchange-").FullName;
        try
        {
            var file = Path.Combine(folder, "cortex.yaml");
            File.WriteAllText(file, $"backends: {{ docs: {{ url: 'https://docs.example.com', {options} }} }}\n");
            return LiveConfiguration.Load(file, Sections.All, new Dictionary<string, string?>());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
