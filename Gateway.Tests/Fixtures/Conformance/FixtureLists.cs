using ModelContextProtocol.Server;

namespace Cortex.Tests.Fixtures.Conformance;

/// <summary>What the server lists; shared by all its sessions and requests, and changeable while it runs.</summary>
internal sealed class FixtureLists
{
    private readonly McpServerTool _extraTool;
    private readonly McpServerPrompt _extraPrompt;

    public FixtureLists(FixtureNames names)
    {
        Names = names;
        _extraTool = names.Tool("test_extra_tool", "Comes and goes.", () => "Here I am.");
        _extraPrompt = names.Prompt("test_extra_prompt", "Comes and goes.", () => "Here I am.");
        Fill(Tools,
        [
            .. ContentTools.All(names),
            .. StreamTools.All(names),
            .. ClientRequestTools.All(names),
            .. InputRequiredTools.All(names),
            .. RequestStateTools.All(names),
            .. CallerTools.All(names),
            .. TaskTools.All(names),
            .. HeldCalls.All(names),
            names.Tool("test_trigger_tool_change", "Changes the list of tools.", ChangeTools),
            names.Tool("test_trigger_prompt_change", "Changes the list of prompts.", ChangePrompts),
        ]);
        Fill(Prompts, FixturePrompts.All(names));
        Fill(Resources, FixtureResources.All());
    }

    public FixtureNames Names { get; }

    public HeldCalls HeldCalls { get; } = new();

    public McpServerPrimitiveCollection<McpServerTool> Tools { get; } = [];

    public McpServerPrimitiveCollection<McpServerPrompt> Prompts { get; } = [];

    public McpServerResourceCollection Resources { get; } = [];

    /// <summary>Adds a tool to the list, or takes it away again.</summary>
    public string ChangeTools() => Toggle(Tools, _extraTool);

    /// <summary>Adds a prompt to the list, or takes it away again.</summary>
    public string ChangePrompts() => Toggle(Prompts, _extraPrompt);

    private static string Toggle<T>(McpServerPrimitiveCollection<T> list, T item)
        where T : IMcpServerPrimitive
    {
        if (!list.Remove(item))
            list.Add(item);
        return "The list has changed.";
    }

    private static void Fill<T>(McpServerPrimitiveCollection<T> list, IEnumerable<T> items)
        where T : IMcpServerPrimitive
    {
        foreach (var item in items)
            list.Add(item);
    }
}
