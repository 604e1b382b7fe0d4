namespace Cortex.Bench.Faults;

/// <summary>What is asked of a gateway: its list, and one call of a tool of each good backend.</summary>
internal sealed class FaultSubjects(string gateway, string token, IReadOnlyList<string> backends)
{
    public Subject List { get; } = Subjects.Modern(gateway, token, "tools/list", "tools/list", "", "b01_tool_00");

    public IReadOnlyList<Subject> Calls { get; } = [.. backends.Select(backend => Call(gateway, token, $"{backend}_tool_00", "note-1"))];

    /// <summary>What the gateway says of the caller and the backends.</summary>
    public Subject WhoAmI { get; } = Call(gateway, token, "whoami", "\"apps\"");

    /// <summary>The one tool that the lying backend always offers.</summary>
    public Subject Lie { get; } = Call(gateway, token, "liar_tool_00", "");

    private static Subject Call(string gateway, string token, string tool, string expected) => Subjects.Modern(
        gateway, token, tool, "tools/call", $$$""","name":"{{{tool}}}","arguments":{"text":"Measured."}""", expected, ("Mcp-Name", tool));
}
