using Cortex.Cli;
using NUnit.Framework;

namespace Cortex.Tests.Cli;

internal sealed class ListeningAddressTests
{
    [TestCase("http://localhost:1", "http://localhost:2", "3", "http://localhost:4", ExpectedResult = "http://localhost:1")]
    [TestCase(null, "http://localhost:2", "3", "http://localhost:4", ExpectedResult = "http://localhost:2")]
    [TestCase(" ", "http://localhost:2", "3", "http://localhost:4", ExpectedResult = "http://localhost:2")]
    [TestCase(null, null, "3", "http://localhost:4", ExpectedResult = "http://*:3")]
    [TestCase(null, "", "3;5", "http://localhost:4", ExpectedResult = "http://*:3;http://*:5")]
    [TestCase(null, null, null, "http://localhost:4", ExpectedResult = "http://localhost:4")]
    [TestCase(null, null, "", "http://127.0.0.1:4", ExpectedResult = "http://127.0.0.1:4")]
    [TestCase(null, null, null, "http://[::1]:4/", ExpectedResult = "http://[::1]:4")]
    [TestCase(null, null, null, "http://localhost", ExpectedResult = "http://localhost")]
    [TestCase(null, null, null, "https://localhost:4", ExpectedResult = "http://0.0.0.0:8080")]
    [TestCase(null, null, null, "https://mcp.example.com", ExpectedResult = "http://0.0.0.0:8080")]
    public string Address_is_the_first_that_is_given(string? urls, string? aspNetCoreUrls, string? ports, string publicUrl) =>
        ListeningAddress.Choose(urls, aspNetCoreUrls, ports, publicUrl);
}
