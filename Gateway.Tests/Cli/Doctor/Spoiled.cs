using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Cortex.Tests.Cli.Doctor;

/// <summary>What faulty proxies do, each as a step before the forwarding.</summary>
internal static class Spoiled
{
    /// <summary>Changes the head of each answer.</summary>
    public static Func<HttpContext, Func<Task>, Task> Answer(Action<HttpContext> change) => (http, next) =>
    {
        http.Response.OnStarting(() =>
        {
            change(http);
            return Task.CompletedTask;
        });
        return next();
    };

    /// <summary>Changes each request.</summary>
    public static Func<HttpContext, Func<Task>, Task> Request(Action<HttpRequest> change) => (http, next) =>
    {
        change(http.Request);
        return next();
    };

    /// <summary>Drops a header of each answer.</summary>
    public static Func<HttpContext, Func<Task>, Task> Without(string header) => Answer(http => http.Response.Headers.Remove(header));

    /// <summary>Drops a header of each request.</summary>
    public static Func<HttpContext, Func<Task>, Task> WithoutRequest(string header) => Request(request => request.Headers.Remove(header));

    /// <summary>Answers some requests itself.</summary>
    public static Func<HttpContext, Func<Task>, Task> Instead(Func<HttpRequest, bool> when, int status, string? body = null, params (string Name, string Value)[] headers) => async (http, next) =>
    {
        if (!when(http.Request))
        {
            await next();
            return;
        }

        http.Response.StatusCode = status;
        foreach (var (name, value) in headers)
            http.Response.Headers[name] = value;
        if (body is not null)
            await http.Response.WriteAsync(body);
    };

    /// <summary>Rewrites answers that are no streams, heads as well.</summary>
    public static Func<HttpContext, Func<Task>, Task> Rewrite(Func<HttpRequest, bool> when, string text, string other) => async (http, next) =>
    {
        if (!when(http.Request))
        {
            await next();
            return;
        }

        var body = Encoding.UTF8.GetString(await HoldAsync(http, next));
        if (http.Response.Headers.WWWAuthenticate.ToString() is { Length: > 0 } header)
            http.Response.Headers.WWWAuthenticate = header.Replace(text, other, StringComparison.Ordinal);
        await WriteAsync(http, body.Replace(text, other, StringComparison.Ordinal));
    };

    /// <summary>Changes JSON documents.</summary>
    public static Func<HttpContext, Func<Task>, Task> Edit(string path, Action<JsonObject> change) => async (http, next) =>
    {
        if (!http.Request.Path.StartsWithSegments(path))
        {
            await next();
            return;
        }

        var document = JsonNode.Parse(await HoldAsync(http, next))!.AsObject();
        change(document);
        await WriteAsync(http, document.ToJsonString());
    };

    /// <summary>Puts a page in place of each refusal, and leaves its head.</summary>
    public static async Task Page(HttpContext http, Func<Task> next)
    {
        if (http.Request.Headers.Authorization.Count > 0)
        {
            await next();
            return;
        }

        var body = await HoldAsync(http, next);
        var isRefusal = http.Response.StatusCode == 401;
        if (isRefusal)
            http.Response.ContentType = "text/html";
        await WriteAsync(http, isRefusal ? "<html><body>Sign in</body></html>" : Encoding.UTF8.GetString(body));
    }

    /// <summary>Keeps each answer back until it is whole.</summary>
    public static async Task Buffer(HttpContext http, Func<Task> next)
    {
        var body = await HoldAsync(http, next);
        if (!http.RequestAborted.IsCancellationRequested)
            await http.Response.Body.WriteAsync(body);
    }

    private static async Task WriteAsync(HttpContext http, string body)
    {
        if (body.Length == 0)
            return;
        var bytes = Encoding.UTF8.GetBytes(body);
        http.Response.ContentLength = bytes.Length;
        await http.Response.Body.WriteAsync(bytes);
    }

    private static async Task<byte[]> HoldAsync(HttpContext http, Func<Task> next)
    {
        var real = http.Response.Body;
        using var held = new MemoryStream();
        http.Response.Body = held;
        try
        {
            await next();
        }
        finally
        {
            http.Response.Body = real;
        }

        return held.ToArray();
    }
}
