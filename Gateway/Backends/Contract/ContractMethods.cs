using System.Collections.Frozen;

namespace Cortex.Backends.Contract;

/// <summary>The methods of the backend contract itself; every other method name is a tool.</summary>
internal static class ContractMethods
{
    public const string ListTools = "list_tools";
    public const string ListPrompts = "list_prompts";
    public const string GetPrompt = "get_prompt";
    public const string ListResourceTemplates = "list_resource_templates";
    public const string ReadResource = "read_resource";
    public const string GetSnapshot = "get_snapshot";
    public const string GetHelp = "get_help";
    public const string WhoAmI = "whoami";

    /// <summary>Most bytes of what a backend says of itself, or of a person, to be shown to an agent among what others say.</summary>
    public const int MaxSelfDescription = 64 * 1024;

    /// <summary>
    /// Names that a listed tool must not bear, because the gateway calls them itself. <c>get_help</c>, <c>whoami</c> and the ticket methods may be
    /// listed: a person calling them means the same thing as the gateway does.
    /// </summary>
    public static readonly FrozenSet<string> Reserved = FrozenSet.ToFrozenSet(
        [ListTools, ListPrompts, GetPrompt, ListResourceTemplates, ReadResource, GetSnapshot], StringComparer.Ordinal);
}
