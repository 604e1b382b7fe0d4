using System.Text.RegularExpressions;
using Cortex.Tests.Clients;
using NUnit.Framework;

namespace Cortex.Tests.Chart;

/// <summary>Pods roll for what takes effect at the next start only; the rest is left to the running gateway.</summary>
[Category("Chart")]
internal sealed partial class RestartSumTests
{
    [Test]
    public async Task Pods_roll_for_what_needs_a_restart_and_for_nothing_else()
    {
        string[][] changes =
        [
            [],
            ["backends.tickets.url=https://elsewhere.example.com"],
            ["config.limits.requests.perMinute=10"],
            ["config.identity.plans.reader={mcp:notes:read}"],
            ["config.gateway.trustedProxies={192.0.2.0/24}"],
            ["config.identity.authorizationServer.refreshReuseLeeway=1s"],
            ["database.key=other"],
            ["drain.deadlineSeconds=60"],
        ];

        var rendered = await Manifests.RenderAllAsync(changes.Select(change =>
            (new Helm(4), (IReadOnlyList<string>)["--values", Helm.ValuesFile("production"), .. change.SelectMany(set => new[] { "--set", set })])));

        var sums = rendered.Select(SumOf).ToList();
        Assert.That(sums[1..4], Is.All.EqualTo(sums[0]));
        Assert.That(sums[4..].Append(sums[0]), Is.Unique);
    }

    /// <summary>The chart leaves keys out of its sum by name: none of them may hold, or come to hold, one that needs a restart.</summary>
    [Test]
    public void Nothing_that_the_sum_leaves_out_needs_a_restart()
    {
        var template = File.ReadAllText(Path.Combine(Helm.Chart, "templates", "_config.tpl"));
        var roots = Names(Omitted().Matches(template)[0]);
        var identity = Names(Omitted().Matches(template)[1]);
        var reference = File.ReadAllLines(Repository.PathOf("config", "cortex.reference.yaml"));

        Assert.That(roots, Does.Contain("backends").And.Contain("limits"));
        Assert.That(roots.SelectMany(root => Restarts(reference, "", root)), Is.Empty);
        Assert.That(identity.SelectMany(key => Restarts(reference, "  ", key)), Is.Empty);
        Assert.That(Restarts(reference, "", "storage"), Is.Not.Empty, "the words looked for are the right ones");
    }

    private static string? SumOf(Manifests rendered) => (string?)rendered.Single("Deployment")["spec"]!["template"]!["metadata"]!["annotations"]!["checksum/restart"];

    private static string[] Names(Match omitted) => [.. Quoted().Matches(omitted.Groups["names"].Value).Select(name => name.Groups[1].Value)];

    /// <summary>Lines of the reference, in what stands at and below a key, that speak of the next start.</summary>
    private static IEnumerable<string> Restarts(string[] reference, string indent, string key)
    {
        var at = Array.FindIndex(reference, line => line.StartsWith($"{indent}{key}:", StringComparison.Ordinal));
        if (at < 0)
            return [];
        var above = reference[..at].Reverse().TakeWhile(line => line.StartsWith($"{indent}# ", StringComparison.Ordinal));
        var below = reference[(at + 1)..].TakeWhile(line => line.StartsWith($"{indent} ", StringComparison.Ordinal) || line.StartsWith("# ", StringComparison.Ordinal) || line == "#");
        return above.Concat(below).Where(line => line.Contains("next start", StringComparison.Ordinal) || line.EndsWith("at the next", StringComparison.Ordinal));
    }

    [GeneratedRegex(@":= omit (?<names>.*?) -\}\}")]
    private static partial Regex Omitted();

    [GeneratedRegex("\"([A-Za-z]+)\"")]
    private static partial Regex Quoted();
}
