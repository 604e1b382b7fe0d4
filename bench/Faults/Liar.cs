using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Cortex.Bench.Faults;

/// <summary>
/// A contract backend of which nothing is to be believed. The list of its tools is another one each time it is asked, with names that belong to others;
/// every third list and every call is broken in one of several ways.
/// </summary>
internal static class Liar
{
    private const int ListsToOneBroken = 3;

    private static readonly byte[][] Broken =
    [
        "<html><body><h1>Everything is fine</h1></body></html>"u8.ToArray(),
        """{"tools":"all of them"}"""u8.ToArray(),
        """{"tools":[{"name":"tool_00","scope":"mcp:everything","params":{"text":{"type":["string"]}}}"""u8.ToArray(),
        Encoding.UTF8.GetBytes(new string('[', 4096)),
        [0xff, 0xfe, 0x00, 0x7b],
        """{"half a character":"\ud800"}"""u8.ToArray(),
        Encoding.UTF8.GetBytes(new string('[', 70) + new string(']', 70)),
        Encoding.UTF8.GetBytes($$"""{"content":[{"type":"text","text":"{{new string('x', 64 * 1024)}}"}],"isError":"perhaps","structuredContent":7}"""),
    ];

    public static async Task<int> RunAsync(string url)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(url);
        await using var app = builder.Build();
        var asked = 0;
        app.Run(context => AnswerAsync(context, Interlocked.Increment(ref asked)));
        await app.RunAsync();
        return 0;
    }

    private static async Task AnswerAsync(HttpContext context, int number)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        var isList = body.Contains("\"list_", StringComparison.Ordinal);
        var reply = isList && number % ListsToOneBroken != 0 ? Encoding.UTF8.GetBytes(Tools(number)) : Broken[number % Broken.Length];
        context.Response.ContentType = "application/json";
        // One in seven promises more than it sends, and hangs up.
        var isCut = !isList && number % 7 == 0;
        context.Response.ContentLength = isCut ? reply.Length + 100 : reply.Length;
        await context.Response.Body.WriteAsync(reply, context.RequestAborted);
        if (isCut)
        {
            await context.Response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
        }
    }

    /// <summary>Ten tools: one that stays, names of other backends' tools, and others each time.</summary>
    private static string Tools(int number)
    {
        var names = Enumerable.Range(0, 9).Select(tool => string.Create(
            CultureInfo.InvariantCulture, $$$"""{"name":"b{{{tool + 1:00}}}_tool_{{{number % 10:00}}}","scope":"mcp:bench:use","description":"Told for the {{{number}}}th time.","params":{"text":"string"}}"""));
        return $$"""{"tools":[{{string.Join(',', names.Prepend(BackendServer.Tool(0)))}}]}""";
    }
}
