using ModelContextProtocol.Server;

namespace Cortex.Tests.Fixtures.Conformance;

/// <summary>
/// The suite looks for tools and prompts by literal names such as <c>test_simple_text</c>. With <paramref name="DropsPrefix"/> the server lists
/// them without <c>test_</c>, so that a gateway that prefixes them with <c>test</c> restores the literals.
/// </summary>
internal sealed record FixtureNames(bool DropsPrefix)
{
    private const string Prefix = "test_";

    /// <summary>The name under which the server lists what the suite calls <paramref name="literal"/>.</summary>
    public string Of(string literal) =>
        DropsPrefix && literal.StartsWith(Prefix, StringComparison.Ordinal) ? literal[Prefix.Length..] : literal;

    /// <param name="literal">The suite's name for it.</param>
    /// <param name="description">What it does.</param>
    /// <param name="body">Called for <c>tools/call</c>; its parameters make the input schema.</param>
    public McpServerTool Tool(string literal, string description, Delegate body) =>
        McpServerTool.Create(body, new McpServerToolCreateOptions { Name = Of(literal), Description = description });

    /// <inheritdoc cref="Tool"/>
    public McpServerPrompt Prompt(string literal, string description, Delegate body) =>
        McpServerPrompt.Create(body, new McpServerPromptCreateOptions { Name = Of(literal), Description = description });
}
