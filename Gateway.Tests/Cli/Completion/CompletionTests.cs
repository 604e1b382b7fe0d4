using Cortex.Cli.Completion;
using Cortex.Tests.Clients;
using Cortex.Tests.Foundation.Configuration;
using NUnit.Framework;

namespace Cortex.Tests.Cli.Completion;

/// <summary>Completion as the shells ask for it, and as a real bash does.</summary>
internal sealed class CompletionTests
{
    [TestCase("ch", "check")]
    [TestCase("integrity ", "keygen", "export", "sign", "verify", "import")]
    [TestCase("check --", "--config", "--json", "--help")]
    [TestCase("completion ", "bash", "zsh", "fish", "powershell")]
    public async Task Program_answers_with_what_fits_next(string line, params string[] words)
    {
        var run = await CommandRun.WithAsync($"[suggest:{line.Length}]", line);

        Assert.That(run.Output.Split(Environment.NewLine), Is.SupersetOf(words));
    }

    [Test]
    public async Task Backends_of_the_configuration_are_offered_and_a_broken_one_offers_none()
    {
        using var folder = new ConfigFolder("backends:\n  notes: {url: http://localhost:1}\n  tickets: {url: http://localhost:2}\n");
        var line = $"integrity export --config {folder.Main} --backend ";

        var offered = await CommandRun.WithAsync($"[suggest:{line.Length}]", line);
        folder.Write("cortex.yaml", "backends: [");
        var broken = await CommandRun.WithAsync($"[suggest:{line.Length}]", line);

        Assert.That(offered.Output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries), Is.EqualTo(new[] { "notes", "tickets" }));
        Assert.That(broken.Output.Trim(), Is.Empty);
        Assert.That(broken.Exit, Is.Zero);
    }

    [TestCaseSource(typeof(CompletionScripts), nameof(CompletionScripts.Shells))]
    public async Task Each_shell_has_a_script(string shell)
    {
        var run = await CommandRun.WithAsync("completion", shell);

        Assert.That(run.Exit, Is.Zero);
        Assert.That(run.Output, Does.Contain("[suggest:").And.Contain("cortex"));
    }

    [Test]
    public async Task Shell_that_is_none_is_refused()
    {
        var run = await CommandRun.WithAsync("completion", "tcsh");

        Assert.That(run.Exit, Is.EqualTo(1));
        Assert.That(run.Error, Does.Contain("bash").And.Contain("fish"));
    }

    [Test]
    public async Task Bash_completes_commands_options_and_leaves_files_to_itself()
    {
        var folder = Directory.CreateTempSubdirectory("cortex-bash-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "completion.bash"), CompletionScripts.For("bash"));
            await File.WriteAllTextAsync(Path.Combine(folder, "run.bash"), $$"""
                cortex() { dotnet '{{Path.Combine(AppContext.BaseDirectory, "Gateway.dll")}}' "$@"; }
                source completion.bash
                complete -p cortex
                at_tab() {
                    COMP_LINE="$1" COMP_POINT=${#1}
                    read -ra COMP_WORDS <<< "$1"
                    [[ "$1" == *' ' ]] && COMP_WORDS+=("")
                    COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 ))
                    _cortex_complete
                    echo "<$1> ${COMPREPLY[*]}"
                }
                at_tab 'cortex che'
                at_tab 'cortex keys '
                at_tab 'cortex check --config '
                """);
            await using var bash = ChildProcess.Start("bash", ["--norc", "run.bash"], folder);
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));

            var lines = (await bash.ReadToEndAsync(limit.Token)).Split('\n');

            using (Assert.EnterMultipleScope())
            {
                Assert.That(bash.Error, Is.Empty);
                Assert.That(lines[0], Is.EqualTo("complete -o default -F _cortex_complete cortex"));
                Assert.That(lines[1], Is.EqualTo("<cortex che> check"));
                Assert.That(lines[2].Split(' '), Is.SupersetOf(new[] { "list", "new", "rotate", "--help" }));
                Assert.That(lines[2], Does.Not.Contain("/"));
                Assert.That(lines[3].Trim(), Is.EqualTo("<cortex check --config >"), "bash completes files then");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
