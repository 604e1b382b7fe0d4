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

    private readonly ResultContent _content;

    public DiscoverMethod(ServerIdentity server)
    {
        using var members = new PooledBuffer();
        members.Write("\"supportedVersions\":["u8);
        members.Write(Encoding.ASCII.GetBytes(string.Join(',', ProtocolVersion.Supported.Select(version => $"\"{version}\""))));
        members.Write("],"u8);
        ServerDescription.Write(members, server);
        _content = new ResultContent(members.WrittenSpan.ToArray(), Caching: Caching);
    }

    public string Name => "server/discover";

    public IReadOnlyList<Era> Eras { get; } = [Era.Modern];

    public ValueTask<AnswerResult> AnswerAsync(McpExchange exchange, CancellationToken cancellationToken) =>
        ValueTask.FromResult<AnswerResult>(new AnswerResult.Result(_content));
}
