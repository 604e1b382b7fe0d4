using Cortex.Cli.Terminal;
using Cortex.Tests.Clients;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Foundation.Configuration;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace Cortex.Tests.Cli.Terminal;

/// <summary>Colour and progress: on a terminal alone.</summary>
internal sealed class TerminalTests
{
    [Test]
    public async Task Terminal_shows_colour_unless_the_user_says_no()
    {
        using var folder = new ConfigFolder();

        var runs = await Task.WhenAll(OnTerminalAsync(folder.Main), OnTerminalAsync(folder.Main, ("NO_COLOR", "1")), OnTerminalAsync(folder.Main, ("TERM", "dumb")));

        Assert.That(runs[0], Does.Contain("\e[32mok\e[0m: "));
        foreach (var plain in runs[1..])
            Assert.That(plain, Does.Contain("ok: ").And.Not.Contain("\e[32m"));
    }

    [Test]
    public async Task Long_work_shows_how_long_it_goes_on_and_leaves_nothing_behind()
    {
        var time = new FakeTimeProvider();
        var error = new SharedWriter();
        var progress = Progress.Begin(error, isShown: true, time);

        time.Advance(TimeSpan.FromMilliseconds(900));
        Assert.That(error.ToString(), Is.Empty);
        Assert.That(await Eventually.HoldsAfterAsync(
            () =>
            {
                time.Advance(TimeSpan.FromMilliseconds(250));
                return Task.CompletedTask;
            },
            () => error.ToString().Contains(" s\r", StringComparison.Ordinal)), Is.True);
        await progress.DisposeAsync();

        Assert.That(error.ToString(), Does.EndWith("\e[2K\r"));
    }

    [Test]
    public async Task Short_work_and_work_that_nobody_watches_show_nothing()
    {
        var time = new FakeTimeProvider();
        var error = new SharedWriter();
        await using (Progress.Begin(error, isShown: true, time))
            time.Advance(TimeSpan.FromMilliseconds(500));
        await using (Progress.Begin(error, isShown: false, time))
            time.Advance(TimeSpan.FromMinutes(1));

        Assert.That(error.ToString(), Is.Empty);
        Assert.That(TerminalOutput.IsTerminal(error), Is.False);
    }

    /// <summary>What the program prints on a terminal of its own.</summary>
    private static async Task<string> OnTerminalAsync(string file, params (string, string?)[] environment)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Gateway.dll");
        await using var process = ChildProcess.Start(
            "script", ["-qec", $"dotnet '{program}' check --config '{file}'", "/dev/null"], Path.GetTempPath(), [("NO_COLOR", null), ("TERM", "xterm"), .. environment]);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return await process.ReadToEndAsync(limit.Token);
    }
}
