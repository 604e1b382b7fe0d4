namespace Cortex.Catalog;

/// <summary>What one mirrored parameter says in a call.</summary>
/// <param name="Name">What follows <c>Mcp-Param-</c> in the name of the header.</param>
/// <param name="Text">The value as text, not yet encoded for a header; null when the call gives none, or null.</param>
/// <param name="IsNumber">True when the text is a JSON number.</param>
internal sealed record MirroredValue(string Name, string? Text, bool IsNumber);
