using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Cortex.Tests.Fixtures;

/// <summary>
/// The tools of <see cref="NativeServer"/>, 25 in all and listed 10 a page: <c>echo</c>, <c>add</c> (structured output),
/// <c>slow_progress</c> (five progress notifications), <c>fail</c> (<c>isError</c>), <c>whoami</c> (the credential that arrived) and
/// <c>item_01</c> to <c>item_20</c>.
/// </summary>
internal static class NativeTools
{
    public const int PageSize = 10;
    public const int ProgressCount = 5;

    public static IReadOnlyList<string> Names { get; } =
        ["echo", "add", "slow_progress", "fail", "whoami", .. Enumerable.Range(1, 20).Select(number => $"item_{number:00}")];

    public static ValueTask<ListToolsResult> ListAsync(RequestContext<ListToolsRequestParams> context, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var start = context.Params?.Cursor is { } cursor ? int.Parse(cursor.AsSpan("after-".Length)) : 0;
        var end = start + PageSize;
        return ValueTask.FromResult(new ListToolsResult
        {
            Tools = [.. Names.Skip(start).Take(PageSize).Select(Describe)],
            NextCursor = end < Names.Count ? $"after-{end}" : null,
        });
    }

    public static async ValueTask<CallToolResult> CallAsync(RequestContext<CallToolRequestParams> context, CancellationToken cancellationToken)
    {
        var call = context.Params!;
        return call.Name switch
        {
            "echo" => Text(Argument(call, "message").GetString()!),
            "add" => Sum(Argument(call, "a").GetDouble(), Argument(call, "b").GetDouble()),
            "slow_progress" => await ProgressAsync(context, cancellationToken),
            "fail" => new CallToolResult { IsError = true, Content = [new TextContentBlock { Text = "This tool always fails." }] },
            "whoami" => WhoAmI(context),
            _ when Names.Contains(call.Name) => Text(call.Name),
            _ => throw new McpProtocolException($"Unknown tool: '{call.Name}'", McpErrorCode.InvalidParams),
        };
    }

    private static Tool Describe(string name) => name switch
    {
        "echo" => Tool(name, """{"type": "object", "properties": {"message": {"type": "string"}}, "required": ["message"]}"""),
        "add" => Tool(
            name,
            """{"type": "object", "properties": {"a": {"type": "number"}, "b": {"type": "number"}}, "required": ["a", "b"]}""",
            """{"type": "object", "properties": {"sum": {"type": "number"}}, "required": ["sum"]}"""),
        _ => Tool(name, """{"type": "object", "properties": {}}"""),
    };

    private static Tool Tool(string name, string inputSchema, string? outputSchema = null) => new()
    {
        Name = name,
        Title = $"Native {name}",
        Description = $"The native tool {name}.",
        InputSchema = Parse(inputSchema),
        OutputSchema = outputSchema is null ? null : Parse(outputSchema),
        Annotations = new ToolAnnotations { ReadOnlyHint = name is not "fail" },
    };

    private static async Task<CallToolResult> ProgressAsync(RequestContext<CallToolRequestParams> context, CancellationToken cancellationToken)
    {
        if (context.Params!.ProgressToken is { } token)
        {
            for (var step = 1; step <= ProgressCount; step++)
            {
                var progress = new ProgressNotificationValue { Progress = step, Total = ProgressCount, Message = $"Step {step}" };
                await context.Server.NotifyProgressAsync(token, progress, cancellationToken: cancellationToken);
            }
        }

        return Text("Done.");
    }

    private static CallToolResult WhoAmI(RequestContext<CallToolRequestParams> context)
    {
        var http = context.Services!.GetRequiredService<IHttpContextAccessor>().HttpContext!;
        var authorization = http.Request.Headers.Authorization.ToString();
        var token = authorization.StartsWith("Bearer ", StringComparison.Ordinal) ? Decode(authorization["Bearer ".Length..]) : null;
        return Structured(new JsonObject
        {
            ["authorization"] = authorization.Length == 0 ? null : authorization,
            ["claims"] = token,
            ["user"] = http.User.FindFirst("sub")?.Value,
        });
    }

    private static JsonNode? Decode(string token) => token.Split('.') is [_, var payload, _]
        ? JsonNode.Parse(Microsoft.IdentityModel.Tokens.Base64UrlEncoder.DecodeBytes(payload))
        : null;

    private static CallToolResult Sum(double a, double b) => Structured(new JsonObject { ["sum"] = a + b });

    private static CallToolResult Structured(JsonObject value) => new()
    {
        Content = [new TextContentBlock { Text = value.ToJsonString() }],
        StructuredContent = Parse(value.ToJsonString()),
    };

    private static CallToolResult Text(string text) => new() { Content = [new TextContentBlock { Text = text }] };

    private static JsonElement Argument(CallToolRequestParams call, string name) => call.Arguments?.TryGetValue(name, out var value) is true
        ? value
        : throw new McpProtocolException($"Argument '{name}' is missing.", McpErrorCode.InvalidParams);

    private static JsonElement Parse(string json) => JsonSerializer.Deserialize<JsonElement>(json);
}
