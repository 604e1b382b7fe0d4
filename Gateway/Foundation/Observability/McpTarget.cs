namespace Cortex.Foundation.Observability;

/// <summary>
/// What an operation is about. Made only from names that the catalog knows: a name out of a request that resolved to nothing must not become
/// a span name or a metric label.
/// </summary>
internal abstract record McpTarget
{
    private McpTarget()
    {
    }

    /// <summary>A tool, by its public name.</summary>
    internal sealed record Tool(string Name) : McpTarget;

    /// <summary>A prompt, by its public name.</summary>
    internal sealed record Prompt(string Name) : McpTarget;

    /// <summary>A resource. Its address goes on the span, without a query, and never on a metric.</summary>
    internal sealed record Resource(string Uri) : McpTarget;
}
