namespace Cortex.Feedback;

/// <summary>What an agent reports with <c>report_missing_capability</c>. Texts are kept as written; <see cref="MissingCapabilityCheck"/> names their limits.</summary>
/// <param name="WhatIWanted">The wish, in a sentence: what callers' wishes are compared by.</param>
/// <param name="Severity">How much it hurts.</param>
/// <param name="UserIntent">What the person was after; null when not told.</param>
/// <param name="ContextTool">Public name of the tool that fell short; null when none did.</param>
/// <param name="ContextApp">The backend, or the app as the agent calls it; null when not told.</param>
/// <param name="SuggestedShape">How the missing tool, field or parameter might look; null when not told.</param>
internal sealed record MissingCapability(
    string WhatIWanted,
    Severity Severity,
    string? UserIntent = null,
    string? ContextTool = null,
    string? ContextApp = null,
    string? SuggestedShape = null);
