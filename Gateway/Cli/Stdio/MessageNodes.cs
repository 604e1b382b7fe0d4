using System.Text.Json.Nodes;

namespace Cortex.Cli.Stdio;

/// <summary>Reads single members of messages, whatever their shape.</summary>
internal static class MessageNodes
{
    /// <summary>A member of an object; null when there is none, or no object.</summary>
    public static JsonNode? Member(this JsonNode? node, string name)
    {
        try
        {
            return node is JsonObject members && members.TryGetPropertyValue(name, out var value) ? value : null;
        }
        catch (ArgumentException)
        {
            // An object with a member twice; it is refused when it is sent on.
            return null;
        }
    }

    /// <summary>The text of a string; null for anything else.</summary>
    public static string? Text(this JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
