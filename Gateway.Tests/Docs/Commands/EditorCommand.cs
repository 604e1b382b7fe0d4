using System.Text.Json;
using Cortex.Tests.Docs.Blocks;
using Cortex.Tests.Docs.Shell;

namespace Cortex.Tests.Docs.Commands;

/// <summary><c>code --add-mcp '{…}'</c>: the server is one that VS Code's settings could name.</summary>
internal sealed class EditorCommand : ICommandRule
{
    public bool Takes(ShellCommand command) => command.Program is "code" or "code-insiders";

    public IEnumerable<string> Faults(ShellCommand command)
    {
        if (command.Words is not [_, "--add-mcp", var json])
            return ["it must be: code --add-mcp '{\"name\": …, \"type\": \"http\", \"url\": …}'."];
        try
        {
            var server = JsonElement.Parse(json);
            if (!server.TryGetProperty("name", out var name))
                return ["the server needs a name."];
            var members = server.EnumerateObject().Where(member => member.Name != "name").ToDictionary(member => member.Name, member => member.Value);
            var settings = JsonSerializer.Serialize(new { servers = new Dictionary<string, object> { [name.ToString()] = members } });
            return new ClientSettingsBlock().Faults(new DocsBlock("", command.Line, "json", "", settings));
        }
        catch (JsonException exception)
        {
            return [$"what it adds is no JSON: {exception.Message}"];
        }
    }
}
