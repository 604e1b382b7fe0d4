using System.Text.Json;
using Cortex.Tests.Clients;
using NUnit.Framework;

namespace Cortex.Tests.Console;

/// <summary>What a script of <c>Console/node</c> saw on its walk. <c>CORTEX_TEST_SCREENSHOTS</c> names a folder to keep pictures in.</summary>
internal sealed class PageWalk
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly JsonElement _seen;

    private PageWalk(JsonElement seen) => _seen = seen;

    public static async Task<PageWalk> RunAsync(string script, params string[] arguments)
    {
        var folder = Repository.PathOf("Gateway.Tests", "Console", "node");
        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
            throw new InvalidOperationException("Install the packages of the page tests first: npm ci --ignore-scripts --prefix Gateway.Tests/Console/node");
        string[] pictures = Environment.GetEnvironmentVariable("CORTEX_TEST_SCREENSHOTS") is { Length: > 0 } kept ? [kept] : [];
        await using var browser = ChildProcess.Start("node", [script, .. arguments, .. pictures], folder);
        using var limit = new CancellationTokenSource(Patience);
        var line = await browser.ReadToEndAsync(limit.Token);
        Assert.That(browser.ExitCode, Is.Zero, browser.Error);
        return new PageWalk(JsonSerializer.Deserialize<JsonElement>(line));
    }

    public string Text(string name) => _seen.GetProperty(name).GetString()!;

    /// <summary>Fails unless axe-core found nothing on the page, and it never scrolls sideways.</summary>
    public void RequireAccessible(string page)
    {
        var looks = _seen.GetProperty("looks").EnumerateArray().Where(look => look.GetProperty("page").GetString() == page).ToArray();

        Assert.That(looks, Has.Length.EqualTo(4));
        Assert.Multiple(() =>
        {
            foreach (var look in looks)
            {
                Assert.That(look.GetProperty("violations").EnumerateArray().Select(violation => violation.GetString()), Is.Empty, look.GetRawText());
                Assert.That(look.GetProperty("overflows").GetBoolean(), Is.False, $"scrolls sideways at {look.GetProperty("width")}");
            }
        });
    }
}
