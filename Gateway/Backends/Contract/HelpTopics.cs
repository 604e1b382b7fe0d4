namespace Cortex.Backends.Contract;

/// <summary>The topics that <c>get_help</c> of a backend should know.</summary>
internal static class HelpTopics
{
    public static readonly IReadOnlyList<string> All = ["overview", "concepts", "workflows", "conventions", "limits", "examples"];

    /// <summary>As a list to read.</summary>
    public static string Text { get; } = string.Join(", ", All);
}
