using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using Cortex.Catalog;
using Cortex.Foundation.Model;
using Cortex.Foundation.Outbound;
using Cortex.Identity.Credentials;
using Cortex.Mcp.Wire;
using Cortex.Sessions.Upstream;
using Yarp.ReverseProxy.Transforms;

namespace Cortex.Mcp.Forwarding;

/// <summary>A call to a native MCP server.</summary>
/// <param name="server">The revision the server speaks.</param>
/// <param name="session">The caller's session at a legacy server; null for a modern one.</param>
internal sealed class NativeCall(
    McpExchange exchange,
    CatalogItem item,
    IReadOnlyList<KeyValuePair<string, string>> credential,
    ProtocolVersion server,
    UpstreamSession? session,
    ReadOnlyMemory<byte> body,
    ForwardLifetime lifetime,
    NativeReplyStream reply) : BackendCall(exchange, item, credential)
{
    private const int MaxErrorBytes = 64 * 1024;

    public override ReadOnlyMemory<byte> Body => body;

    public override string? Destination => session?.Destination;

    /// <summary>Why the reply can't be handed on; null when it can.</summary>
    public NativeFailure? Failure { get; private set; }

    /// <summary>What the server says against the credential; null when it takes it.</summary>
    public CredentialRefusal? CredentialRefusal { get; private set; }

    /// <summary>What the header that mirrors name or URI says, where the method has one.</summary>
    private string? NameHeader => Exchange.Message.Method switch
    {
        "tools/call" or "prompts/get" => Item.OriginalName,
        "resources/read" => ResourceUriRules.OriginalUri(Exchange.Message, Item),
        _ => null,
    };

    public override async ValueTask OnReplyAsync(ResponseTransformContext context)
    {
        lifetime.AllowSilence(Backend.Options.IdleTimeout);
        var response = context.ProxyResponse!;
        var status = (int)response.StatusCode;
        var mediaType = response.Content.Headers.ContentType?.MediaType;
        context.HttpContext.Response.StatusCode = StatusCodes.Status200OK;
        if (status == 200 && reply.TryBegin(mediaType))
            return;
        context.SuppressResponseBody = true;
        CredentialRefusal = CredentialRefusal.Read(response);
        Failure = status switch
        {
            200 => new NativeFailure.WrongMediaType(mediaType),
            202 => new NativeFailure.NoAnswer(),
            _ => await ReadErrorAsync(status, response.Content, lifetime.RequestAborted),
        };
    }

    protected override void AddHeaders(HttpRequestHeaders headers)
    {
        headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        headers.TryAddWithoutValidation(McpHeaders.ProtocolVersion, server.Value);
        if (session?.SessionId is { } sessionId)
            headers.TryAddWithoutValidation(McpHeaders.SessionId, sessionId);
        if (server.Era != Era.Modern)
            return;
        headers.TryAddWithoutValidation(McpHeaders.Method, Exchange.Message.Method);
        if (NameHeader is { } name)
            headers.TryAddWithoutValidation(McpHeaders.Name, McpHeaders.Encode(name));
        MirroredHeaders.AddTo(headers, Exchange, Item);
    }

    /// <summary>The JSON-RPC error in the body, which is JSON or, as the C# SDK's server has it, an event stream; else the bare status.</summary>
    private static async Task<NativeFailure> ReadErrorAsync(int status, HttpContent content, CancellationToken cancellationToken)
    {
        var body = await content.ReadBoundedAsync(MaxErrorBytes, cancellationToken);
        if (body is not { Length: > 0 })
            return new NativeFailure.HttpStatus(status);
        try
        {
            var messages = string.Equals(content.Headers.ContentType?.MediaType, "text/event-stream", StringComparison.OrdinalIgnoreCase)
                ? SseParser.Create(new MemoryStream(body)).Enumerate().Where(item => item.Data.Length > 0).Select(item => item.Data)
                : [Encoding.UTF8.GetString(body)];
            return messages.Select(message => FindError(status, message)).FirstOrDefault(error => error is not null)
                ?? (NativeFailure)new NativeFailure.HttpStatus(status);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not JSON, or a text in it is not Unicode.
            return new NativeFailure.HttpStatus(status);
        }
    }

    private static NativeFailure.RpcError? FindError(int status, string json)
    {
        using var document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind != JsonValueKind.Object
            || !document.RootElement.TryGetProperty("error", out var error) || error.ValueKind != JsonValueKind.Object
            || !error.TryGetProperty("code", out var code) || !code.TryGetInt32(out var number)
            || !error.TryGetProperty("message", out var message) || message.ValueKind != JsonValueKind.String)
            return null;
        var data = error.TryGetProperty("data", out var value) ? Encoding.UTF8.GetBytes(value.GetRawText()) : [];
        return new NativeFailure.RpcError(status, number, message.GetString()!, data);
    }
}
