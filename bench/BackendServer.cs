using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Cortex.Bench;

/// <summary>
/// What stands behind the gateway: a contract backend at <c>/api/cortex/backend</c>, a native MCP server of the modern era that answers with JSON at
/// <c>/mcp</c> and with one event at <c>/events</c>, and a legacy one with sessions (<see cref="LegacyBackend"/>). They answer every call with the
/// same constant bytes and check nothing, so that what is measured is what stands before them.
/// </summary>
internal static class BackendServer
{
    public const string ContractPath = "/api/cortex/backend";
    public const string NativePath = "/mcp";
    public const string EventsPath = "/events";

    /// <summary>Below it stand contract backends of ten tools each, as many as there are names.</summary>
    public const string SmallPath = "/small/";

    private const string Note = """{"id":"note-1","title":"Minutes of Monday","text":"We agreed to measure before we change, and to keep what pays.","tags":["work","minutes"],"pinned":false,"version":7}""";

    private static readonly byte[] ContractReply = Encoding.UTF8.GetBytes(Note);
    private static readonly byte[] ContractTools = Encoding.UTF8.GetBytes($$"""{"tools":[{{string.Join(',', Enumerable.Range(0, 98).Select(Tool))}}]}""");
    private static readonly byte[] SmallTools = Encoding.UTF8.GetBytes($$"""{"tools":[{{string.Join(',', Enumerable.Range(0, 10).Select(Tool))}}]}""");
    private static readonly string NativeReply = $$"""{"content":[{"type":"text","text":"The note was saved."}],"structuredContent":{{Note}},"resultType":"complete"}""";
    private static readonly string NativeTools = """{"tools":[{"name":"save_note","description":"Saves a note.","inputSchema":{"type":"object","properties":{"text":{"type":"string"}}}}],"ttlMs":60000,"cacheScope":"private","resultType":"complete"}""";
    private static readonly string NativeDiscovery = """{"supportedVersions":["2026-07-28"],"capabilities":{"tools":{}},"ttlMs":60000,"cacheScope":"public","resultType":"complete","_meta":{"io.modelcontextprotocol/serverInfo":{"name":"bench","version":"1"}}}""";

    public static async Task<int> RunAsync(string url)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(url);
        await using var app = builder.Build();
        var legacy = new LegacyBackend();
        app.Run(context => AnswerAsync(context, legacy));
        await app.RunAsync();
        return 0;
    }

    private static async Task AnswerAsync(HttpContext context, LegacyBackend legacy)
    {
        var body = await ReadAsync(context.Request);
        if (legacy.TryAnswer(context, body) is { } answered)
        {
            await answered;
            return;
        }

        var isCall = context.Request.Headers["Mcp-Method"] == "tools/call";
        var reply = context.Request.Path.Value switch
        {
            NativePath => Native(context.Request, body),
            EventsPath when isCall => Event(Native(context.Request, body)),
            EventsPath => Native(context.Request, body),
            _ => Contract(body, context.Request.Path.StartsWithSegments(SmallPath.TrimEnd('/')) ? SmallTools : ContractTools),
        };
        context.Response.ContentType = context.Request.Path == EventsPath && isCall ? "text/event-stream" : "application/json";
        context.Response.ContentLength = reply.Length;
        await context.Response.Body.WriteAsync(reply, context.RequestAborted);
    }

    private static byte[] Contract(ReadOnlySpan<byte> body, byte[] tools) => body.IndexOf("\"list_tools\""u8) >= 0 ? tools : ContractReply;

    internal static byte[] Event(byte[] message) => [.. "event: message\ndata: "u8, .. message, .. "\n\n"u8];

    private static byte[] Native(HttpRequest request, ReadOnlySpan<byte> body)
    {
        var result = request.Headers["Mcp-Method"].ToString() switch
        {
            "server/discover" => NativeDiscovery,
            "tools/list" => NativeTools,
            _ => NativeReply,
        };
        return Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","id":{{Id(body)}},"result":{{result}}}""");
    }

    /// <summary>The raw id; every client here writes it after the literal <c>"id":</c>, and before anything else of that name.</summary>
    internal static string Id(ReadOnlySpan<byte> body)
    {
        var rest = body[(body.IndexOf("\"id\":"u8) + 5)..];
        return Encoding.UTF8.GetString(rest[..rest.IndexOfAny((byte)',', (byte)'}')]);
    }

    internal static string Tool(int number) => string.Create(CultureInfo.InvariantCulture, $$$"""
        {"name":"tool_{{{number:00}}}","scope":"mcp:bench:use","description":"Tool number {{{number}}}: saves a note with a text and tags, and returns it.","params":{"text":"string","tags":"string[]?","pinned":"boolean?"}}
        """);

    private static async Task<byte[]> ReadAsync(HttpRequest request)
    {
        using var body = new MemoryStream((int)(request.ContentLength ?? 1024));
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        return body.ToArray();
    }
}
