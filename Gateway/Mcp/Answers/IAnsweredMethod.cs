using Cortex.Foundation.Model;
using Cortex.Mcp.Wire;

namespace Cortex.Mcp.Answers;

/// <summary>A method that the gateway answers itself. One file a method; the form of each era is not its business.</summary>
internal interface IAnsweredMethod
{
    /// <summary>The method's name.</summary>
    string Name { get; }

    /// <summary>The eras that have it.</summary>
    IReadOnlyList<Era> Eras { get; }

    ValueTask<AnswerResult> AnswerAsync(McpExchange exchange, CancellationToken cancellationToken);
}

/// <summary>What a method answers.</summary>
internal abstract record AnswerResult
{
    private AnswerResult()
    {
    }

    internal sealed record Result(ResultContent Content) : AnswerResult;

    internal sealed record Error(McpError Value) : AnswerResult;

    /// <summary>The answer was a stream, and is written.</summary>
    internal sealed record Streamed : AnswerResult
    {
        public static Streamed Instance { get; } = new();
    }
}
