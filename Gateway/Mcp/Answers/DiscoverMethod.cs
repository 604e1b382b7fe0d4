using System.Buffers;
using System.Text;
using Cortex.Foundation.JsonRpc;
using Cortex.Foundation.Model;
using Cortex.Mcp.Wire;

namespace Cortex.Mcp.Answers;

/// <summary><c>server/discover</c>: the supported revisions, what the gateway can do, and its advice.</summary>
/// <remarks><see href="https://modelcontextprotocol.io/specification/2026-07-28/server/discover"/></remarks>
internal sealed class DiscoverMethod : IAnsweredMethod
{
    private static readonly CacheHint Caching = new(TimeSpan.FromMinutes(5), IsPrivate: true);

    private static readonly byte[] Versions =
        Encoding.ASCII.GetBytes($"\"supportedVersions\":[{string.Join(',', ProtocolVersion.Supported.Select(version => $"\"{version}\""))}],");

    public string Name => "server/discover";

    public IReadOnlyList<Era> Eras { get; } = [Era.Modern];

    public ValueTask<AnswerResult> AnswerAsync(McpExchange exchange, CancellationToken cancellationToken)
    {
        using var members = new PooledBuffer();
        members.Write(Versions);
        ServerDescription.Write(members, AgentAdvice.For(exchange.Shown, exchange.Caller.Scopes));
        return ValueTask.FromResult<AnswerResult>(new AnswerResult.Result(new ResultContent(members.WrittenSpan.ToArray(), Caching: Caching)));
    }
}
