namespace Cortex.Cli.Usage;

/// <summary>An example or two of each command, for its <c>--help</c>.</summary>
internal static class CommandExamples
{
    private static readonly Dictionary<string, string[]> Examples = new(StringComparer.Ordinal)
    {
        [""] = ["cortex serve --config config/cortex.yaml"],
        ["serve"] = ["cortex serve --config config/cortex.yaml --urls http://127.0.0.1:8080"],
        ["check"] = ["cortex check --config config/cortex.yaml", "cortex check --config config/cortex.yaml --json"],
        ["schema"] = ["cortex schema", "cortex schema --reference"],
        ["stdio"] = ["cortex stdio https://mcp.example.com/mcp", "cortex stdio https://mcp.example.com/mcp --token-file /run/secrets/cortex-token"],
        ["completion"] = ["cortex completion bash"],
        ["migrate"] = ["cortex migrate --config config/cortex.yaml"],
        ["keys"] = ["cortex keys list --config config/cortex.yaml"],
        ["keys list"] = ["cortex keys list --config config/cortex.yaml"],
        ["keys new"] = ["cortex keys new"],
        ["keys rotate"] = ["cortex keys rotate --config config/cortex.yaml"],
        ["backend"] = ["cortex backend test http://127.0.0.1:4820 --public"],
        ["backend test"] =
        [
            "cortex backend test http://127.0.0.1:4820 --issuer http://127.0.0.1:8099/identity",
            "cortex backend test https://tickets.example.com --bearer env:TOKEN --call list_tickets",
        ],
        ["doctor"] = ["cortex doctor https://mcp.example.com"],
        ["integrity"] = ["cortex integrity export --config config/cortex.yaml --out plain.json"],
        ["integrity keygen"] = ["cortex integrity keygen --key operator.pem --public operator.pub.pem"],
        ["integrity export"] = ["cortex integrity export --config config/cortex.yaml --backend notes --with-pending --out plain.json"],
        ["integrity sign"] = ["cortex integrity sign --key operator.pem --in plain.json --out signed.json"],
        ["integrity verify"] = ["cortex integrity verify --key operator.pub.pem --in signed.json"],
        ["integrity import"] = ["cortex integrity import --config config/cortex.yaml --in signed.json"],
    };

    /// <summary>The examples of a command; empty when it has none.</summary>
    /// <param name="path">The words that lead to it.</param>
    public static IReadOnlyList<string> Of(string path) => Examples.GetValueOrDefault(path, []);
}
