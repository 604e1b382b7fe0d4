using System.Text.Json.Nodes;
using Cortex.Foundation.Model;

namespace Cortex.Demo;

/// <summary>One tool of the demo backend: its entry in <c>list_tools</c>, and what it does.</summary>
/// <param name="Name">Name without the backend's prefix.</param>
/// <param name="Scope">The scope a caller must hold.</param>
/// <param name="Title">Name for people.</param>
/// <param name="Description">What an agent must know to choose it.</param>
/// <param name="Parameters">Simplified parameters: name, and type with <c>?</c> when optional.</param>
/// <param name="ReadOnly">True when a call changes nothing.</param>
/// <param name="Run">Carries the call out.</param>
internal sealed record DemoTool(
    string Name,
    Scope Scope,
    string Title,
    string Description,
    IReadOnlyList<(string Name, string Type)> Parameters,
    bool ReadOnly,
    Func<DemoCall, DemoReply> Run)
{
    /// <summary>JSON Schema of the result, or null.</summary>
    public JsonObject? OutputSchema { get; init; }

    public JsonObject ToJson()
    {
        var entry = new JsonObject
        {
            ["name"] = Name,
            ["scope"] = Scope.Value,
            ["title"] = Title,
            ["description"] = Description,
            ["params"] = new JsonObject(Parameters.Select(parameter => KeyValuePair.Create(parameter.Name, (JsonNode?)parameter.Type))),
            ["version"] = "1.0.0",
            ["annotations"] = new JsonObject { ["readOnlyHint"] = ReadOnly, ["openWorldHint"] = false },
        };
        if (OutputSchema is not null)
            entry["outputSchema"] = OutputSchema.DeepClone();
        return entry;
    }
}
