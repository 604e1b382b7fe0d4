using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Cortex.Tests.Fixtures.Conformance;

/// <summary>Tools whose reply is a stream: logs, progress, a stream that ends early.</summary>
internal static class StreamTools
{
    /// <summary>The tool after which the server ends the stream, so that the client has to come back for the result.</summary>
    public const string Reconnection = "test_reconnection";

    private const string LogLevel = "io.modelcontextprotocol/logLevel";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public static IEnumerable<McpServerTool> All(FixtureNames names) =>
    [
        names.Tool("test_tool_with_logging", "Logs three messages.", LogAsync),
        names.Tool("test_tool_with_progress", "Reports progress three times.", ProgressAsync),
        names.Tool(Reconnection, "Ends its stream before the result.", () => "The client came back for the result."),
        names.Tool("test_logging_tool", "Logs when the request asks for logs.", LogWhenAskedAsync),
        names.Tool("test_streaming_elicitation", "Streams its result alone.", () => "Nothing but the result is on this stream."),
    ];

    private static async Task<string> LogAsync(RequestContext<CallToolRequestParams> context, CancellationToken cancellationToken)
    {
        foreach (var text in new[] { "Tool execution started", "Tool processing data", "Tool execution completed" })
        {
            await SendLogAsync(context.Server, text, cancellationToken);
            await Task.Delay(Pause, cancellationToken);
        }

        return "Logged three messages.";
    }

    private static async Task<string> LogWhenAskedAsync(RequestContext<CallToolRequestParams> context, CancellationToken cancellationToken)
    {
        if (context.Params!.Meta?[LogLevel] is null)
            return "The request asked for no logs.";
        await SendLogAsync(context.Server, "The request asked for logs.", cancellationToken);
        return "Logged one message.";
    }

    private static async Task<string> ProgressAsync(RequestContext<CallToolRequestParams> context, CancellationToken cancellationToken)
    {
        if (context.Params!.ProgressToken is not { } token)
            return "No progress token was given.";
        foreach (var progress in new[] { 0, 50, 100 })
        {
            var value = new ProgressNotificationValue { Progress = progress, Total = 100, Message = $"Completed {progress} of 100" };
            await context.Server.NotifyProgressAsync(token, value, cancellationToken: cancellationToken);
            await Task.Delay(Pause, cancellationToken);
        }

        return token.ToString()!;
    }

    private static Task SendLogAsync(McpServer server, string text, CancellationToken cancellationToken) => server.SendMessageAsync(
        new JsonRpcNotification
        {
            Method = "notifications/message",
            Params = new JsonObject { ["level"] = "info", ["logger"] = "conformance", ["data"] = text },
        },
        cancellationToken);
}
