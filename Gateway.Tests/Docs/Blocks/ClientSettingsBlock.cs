using System.Text.Json;
using Cortex.Tests.Docs.Commands;
using Cortex.Tests.Docs.Shell;
using YamlDotNet.RepresentationModel;

namespace Cortex.Tests.Docs.Blocks;

/// <summary>
/// The settings of an MCP client, JSON or YAML, by where they list servers: <c>mcpServers</c>, <c>servers</c>, <c>mcp.servers</c> or <c>mcp_servers</c>. A
/// server is an address at the gateway, or a command that holds to the rules of commands.
/// </summary>
internal sealed class ClientSettingsBlock : IBlockRule
{
    private static readonly string[] AddressKeys = ["url", "serverUrl", "httpUrl"];

    private static readonly string[] OtherKeys =
        ["type", "transport", "headers", "auth", "oauth", "env", "timeout", "connect_timeout", "connectTimeout", "connectionTimeoutMs", "enabled", "disabled", "tools", "note", "description", "cwd", "envFile", "trust", "scopes"];

    public bool Takes(DocsBlock block) => Servers(block) is not null;

    public IEnumerable<string> Faults(DocsBlock block)
    {
        if (Servers(block) is not { } servers)
            return ["this lists no servers."];
        return servers.EnumerateObject().SelectMany(server => FaultsOf(server.Value, block.Line).Select(fault => $"server '{server.Name}': {fault}"));
    }

    private static List<string> FaultsOf(JsonElement server, int line)
    {
        if (server.ValueKind != JsonValueKind.Object)
            return ["it must be an object."];
        var faults = server.EnumerateObject().Select(member => member.Name).Where(name => name is not ("command" or "args") && !AddressKeys.Contains(name) && !OtherKeys.Contains(name))
            .Select(name => $"no client is known to read '{name}'. Mend the key, or add it to {nameof(ClientSettingsBlock)}.").ToList();
        var addresses = AddressKeys.Where(key => server.TryGetProperty(key, out _)).ToList();
        var hasCommand = server.TryGetProperty("command", out var command);
        if (addresses.Count + (hasCommand ? 1 : 0) != 1)
            faults.Add("it needs either an address (url) or a command.");
        faults.AddRange(addresses.Select(key => server.GetProperty(key).GetString()!).Where(address => !McpAddress.IsOne(address)).Select(McpAddress.Fault));
        if (server.TryGetProperty("type", out var type) && type.GetString() is not ("http" or "streamable-http" or "streamableHttp" or "stdio" or "sse"))
            faults.Add($"'{type}' is no type of server: http, sse or stdio.");
        if (hasCommand)
        {
            var arguments = server.TryGetProperty("args", out var list) ? list.EnumerateArray().Select(argument => argument.GetString()!) : [];
            faults.AddRange(CommandRules.FaultsOf(new ShellCommand(line, [command.GetString()!, .. arguments])));
        }

        return faults;
    }

    private static JsonElement? Servers(DocsBlock block)
    {
        try
        {
            var roots = block.Language is "json" or "jsonc" ? JsonBlock.Read(block) : YamlBlocks.IsYaml(block) ? [.. YamlBlocks.Roots(block).Select(AsJson)] : [];
            return roots.Where(root => root.ValueKind == JsonValueKind.Object).Select(Servers).FirstOrDefault(found => found is not null);
        }
        catch (JsonException)
        {
            // What is no JSON is told by its own rule.
            return null;
        }
    }

    private static JsonElement? Servers(JsonElement root)
    {
        if (root.TryGetProperty("mcp", out var mcp) && mcp.ValueKind == JsonValueKind.Object)
            root = mcp;
        foreach (var key in new[] { "mcpServers", "servers", "mcp_servers" })
        {
            if (root.TryGetProperty(key, out var servers) && servers.ValueKind == JsonValueKind.Object)
                return servers;
        }

        return null;
    }

    private static JsonElement AsJson(YamlNode node) => JsonSerializer.SerializeToElement(Plain(node));

    private static object? Plain(YamlNode node) => node switch
    {
        YamlMappingNode map => map.Children.ToDictionary(child => child.Key.ToString(), child => Plain(child.Value)),
        YamlSequenceNode list => list.Children.Select(Plain).ToList(),
        YamlScalarNode scalar => scalar.Value,
        _ => null,
    };
}
