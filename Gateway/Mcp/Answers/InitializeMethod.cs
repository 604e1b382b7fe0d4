using System.Buffers;
using System.Text;
using System.Text.Json;
using Cortex.Foundation.JsonRpc;
using Cortex.Foundation.Model;
using Cortex.Mcp.Wire;
using Cortex.Sessions;

namespace Cortex.Mcp.Answers;

/// <summary>
/// <c>initialize</c>: agrees on a legacy revision and opens a session. A client that asks for a revision the gateway does not know, or for a
/// modern one, is offered the newest legacy one.
/// </summary>
/// <remarks><see href="https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle#initialization"/></remarks>
internal sealed class InitializeMethod(ServerIdentity server, ClientSessionStore sessions) : IAnsweredMethod
{
    /// <summary>Longest capabilities object that is kept with the session.</summary>
    private const int MaxCapabilitiesBytes = 16 * 1024;

    public string Name => "initialize";

    public IReadOnlyList<Era> Eras { get; } = [Era.Legacy];

    public async ValueTask<AnswerResult> AnswerAsync(McpExchange exchange, CancellationToken cancellationToken)
    {
        if (exchange.Message.Text(McpMembers.InitializeVersion) is not { } requested)
            return Error("params.protocolVersion must be the version you want, for example '2025-11-25'.");
        var capabilities = "{}"u8.ToArray().AsMemory();
        if (exchange.Message.TryGet(McpMembers.InitializeCapabilities, out var declared))
        {
            if (declared.Kind != JsonValueKind.Object || declared.Value.Length > MaxCapabilitiesBytes)
                return Error($"params.capabilities must be an object of at most {MaxCapabilitiesBytes} bytes.");
            capabilities = declared.Value.Of(exchange.Message.Body).ToArray();
        }

        var version = ProtocolVersion.Find(requested) is { Era: Era.Legacy } known ? known : ProtocolVersion.LatestLegacy;
        var session = await sessions.OpenAsync(exchange.Caller, version, Encoding.UTF8.GetString(capabilities.Span), exchange.Lens.Toolset?.Id, cancellationToken);
        exchange.Http.Response.Headers[McpHeaders.SessionId] = session.Id.Value;
        return new AnswerResult.Result(new ResultContent(Write(version, exchange)));
    }

    private byte[] Write(ProtocolVersion version, McpExchange exchange)
    {
        using var members = new PooledBuffer();
        members.Write("\"protocolVersion\":\""u8);
        members.Write(Encoding.ASCII.GetBytes(version.Value));
        members.Write("\",\"serverInfo\":"u8);
        members.Write(server.InfoOf(exchange.Lens.Toolset).Span);
        members.Write(","u8);
        ServerDescription.Write(members, AgentAdvice.For(exchange.Shown, exchange.Caller.Scopes));
        return members.WrittenSpan.ToArray();
    }

    private static AnswerResult.Error Error(string message) => new(new McpError(200, McpError.InvalidParams, message));
}
