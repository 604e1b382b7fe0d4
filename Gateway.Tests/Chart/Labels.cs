using System.Text.Json.Nodes;

namespace Cortex.Tests.Chart;

/// <summary>What objects are known by.</summary>
internal static class Labels
{
    /// <summary>True when labels hold all that a selector wants.</summary>
    public static bool Fit(JsonObject labels, JsonObject selector) => selector.All(wanted => (string?)labels[wanted.Key] == (string?)wanted.Value);

    /// <summary>An object's annotation; null when it has none of that name.</summary>
    public static string? AnnotationOf(JsonObject found, string name) => (string?)found["metadata"]!["annotations"]?[name];
}
