using NUnit.Framework;

namespace Cortex.Tests.Foundation.Configuration;

/// <summary>A secret in the wrong place, of the wrong kind or from outside is never in a message.</summary>
internal sealed class SecretLeakTests
{
    private const string Canary = "hunter2-canary";

    [TestCase("catalogToken: hunter2-canary")]
    [TestCase("catalogToken: \"hunter2-canary ${\"")]
    [TestCase("catalogToken: [hunter2-canary]")]
    [TestCase("catalogToken: {value: hunter2-canary}")]
    [TestCase("catalogTokn: hunter2-canary")]
    [TestCase("catalogToken: *hunter2-canary")]
    [TestCase("catalogToken: !hunter2-canary x")]
    [TestCase("catalogToken: @hunter2-canary")]
    [TestCase("catalogToken: %hunter2-canary")]
    [TestCase("catalogToken: \"hunter2-canary")]
    [TestCase("catalogToken: 'hunter2-canary' x")]
    [TestCase("catalogToken: hunter2-canary: x")]
    [TestCase("catalogToken: |hunter2-canary")]
    [TestCase("catalogToken: \"\\qhunter2-canary\"")]
    [TestCase("catalogToken: {hunter2-canary")]
    [TestCase("catalogToken: ${hunter2-canary}")]
    [TestCase("catalogToken: ${env:hunter2-canary")]
    [TestCase("timeout: ${env:SECRET}")]
    [TestCase("kind: ${env:SECRET}")]
    [TestCase("url: ${env:SECRET}")]
    [TestCase("url: ftp://me:hunter2-canary@host/")]
    [TestCase("url: http://localhost/?api_key=hunter2-canary")]
    [TestCase("path: ${env:SECRET}")]
    [TestCase("audience: ${env:SECRET}")]
    [TestCase("prefix: a b ${env:SECRET}")]
    public void Secret_in_a_faulty_backend_is_not_shown(string line)
    {
        using var folder = new ConfigFolder($"backends:\n  notes:\n    {(line.StartsWith("url", StringComparison.Ordinal) ? "" : "url: http://localhost\n    ")}{line}\n");
        folder.Environment["SECRET"] = Canary;

        var text = string.Join('\n', folder.Faults());

        Assert.That(text, Does.Not.Contain(Canary));
    }

    [TestCase("database: mysql:Host=db;Password=hunter2-canary")]
    [TestCase("database: mysql:Host=db;Password=${env:SECRET}")]
    [TestCase("database: ${env:SECRET}")]
    [TestCase("migrate: ${env:SECRET}")]
    public void Secret_in_a_faulty_connection_string_is_not_shown(string line)
    {
        using var folder = new ConfigFolder($"storage:\n  {line}\n");
        folder.Environment["SECRET"] = Canary;

        Assert.That(string.Join('\n', folder.Faults()), Does.Not.Contain(Canary));
    }

    [TestCase("CORTEX__backends__notes__catalogToken__x")]
    [TestCase("CORTEX__backends__notes__catalogTokn")]
    [TestCase("CORTEX__backends__notes")]
    public void Secret_in_a_faulty_override_is_not_shown(string name)
    {
        using var folder = new ConfigFolder("backends: {notes: {url: http://localhost:1}}\n");
        folder.Environment[name] = Canary;

        Assert.That(string.Join('\n', folder.Faults()), Does.Not.Contain(Canary));
    }
}
