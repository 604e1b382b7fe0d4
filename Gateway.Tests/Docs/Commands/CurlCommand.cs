using Cortex.Tests.Docs.Shell;

namespace Cortex.Tests.Docs.Commands;

/// <summary><c>curl</c>: its options are known, and it names one address. That the gateway answers there is held by <see cref="DocsRequestTests"/>.</summary>
internal sealed class CurlCommand : ICommandRule
{
    private static readonly string[] WithValue = ["-H", "--header", "-o", "--output", "-u", "--user", "--max-time", "-m", "-w", "--write-out", "--connect-timeout", "--resolve", "--cacert", "--retry", "-A"];

    private static readonly string[] Bodies = ["-d", "--data", "--data-raw", "--data-binary", "--data-urlencode", "--json", "-F"];

    private static readonly string[] WithoutValue =
        ["-s", "-S", "-f", "-L", "-i", "-N", "-v", "-k", "-I", "-G", "--head", "--silent", "--show-error", "--fail", "--location", "--include", "--no-buffer", "--verbose", "--compressed", "--http1.1", "--http2"];

    public bool Takes(ShellCommand command) => command.Program == "curl";

    public IEnumerable<string> Faults(ShellCommand command) => Read(command).Faults;

    /// <summary>What it asks for, and what the rule does not understand.</summary>
    public static (string Method, string Address, IReadOnlyList<string> Faults) Read(ShellCommand command)
    {
        var faults = new List<string>();
        var addresses = new List<string>();
        var (method, implied) = ((string?)null, "GET");
        var words = command.Arguments;
        for (var n = 0; n < words.Count; n++)
        {
            var word = words[n];
            if (word is "-X" or "--request")
                method = words.ElementAtOrDefault(++n);
            else if (Bodies.Contains(word))
                (implied, n) = ("POST", n + 1);
            else if (WithValue.Contains(word))
                n++;
            else if (word is "-I" or "--head")
                implied = "HEAD";
            else if (!word.StartsWith('-'))
                addresses.Add(word);
            else if (!WithoutValue.Contains(word) && !IsCluster(word))
                faults.Add($"'{word}' is not known to the rule for curl.");
        }

        if (addresses.Count != 1)
            faults.Add($"it names {addresses.Count} addresses instead of one.");
        if (addresses is [var address] && !address.StartsWith('$') && !Uri.IsWellFormedUriString(address.Replace("...", "x", StringComparison.Ordinal), UriKind.Absolute))
            faults.Add($"'{address}' is no address.");
        return (method ?? implied, addresses.FirstOrDefault() ?? "", faults);
    }

    /// <summary>Several options of one letter, as in <c>-fsS</c>; the last may take a value only in the form <c>-so file</c>, which is not shown.</summary>
    private static bool IsCluster(string word) => word.Length > 2 && word[1] != '-' && word.Skip(1).All(letter => WithoutValue.Contains($"-{letter}"));
}
