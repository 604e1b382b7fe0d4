using System.Text.Encodings.Web;
using System.Text.Json;

namespace Cortex.Demo;

/// <summary>
/// The one address of the demo backend: <c>POST {"method": "...", "params": {...}}</c>.
/// <list type="number">
/// <item>The token is checked before the body is read.</item>
/// <item>The body is read, bounded, and the method looked up.</item>
/// <item>The reply is plain JSON; the status tells success, refusal and error apart.</item>
/// </list>
/// </summary>
internal sealed class DemoEndpoint(DemoTokenValidator tokens, DemoMethods methods, string path)
{
    /// <summary>Agents read the text as it stands: an escape of every letter beyond ASCII costs them and helps nobody.</summary>
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32 };

    public async Task HandleAsync(HttpContext context)
    {
        if (context.Request.Path != path)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.Headers.Allow = HttpMethods.Post;
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }

        var reply = await ReplyAsync(context.Request, context.RequestAborted);
        context.Response.StatusCode = reply.Status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(reply.Body.ToJsonString(Plain), context.RequestAborted);
    }

    private async Task<DemoReply> ReplyAsync(HttpRequest request, CancellationToken cancellationToken) =>
        await tokens.ValidateAsync(request.Headers.Authorization, cancellationToken) switch
        {
            DemoTokenResult.Valid valid => await CallAsync(valid.Caller, request, cancellationToken),
            DemoTokenResult.Invalid invalid => new DemoReply.Unauthenticated(invalid.Reason),
            DemoTokenResult.Unavailable unavailable => new DemoReply.Unavailable(unavailable.Reason),
            var other => throw new InvalidOperationException($"Token result '{other}' is not handled."),
        };

    private async Task<DemoReply> CallAsync(DemoCaller caller, HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            using var body = await JsonDocument.ParseAsync(request.Body, Strict, cancellationToken);
            return Call(caller, body.RootElement);
        }
        catch (JsonException exception)
        {
            return new DemoReply.BadRequest($"The body is not JSON: {exception.Message}");
        }
        catch (BadHttpRequestException exception)
        {
            return new DemoReply.BadRequest($"The body cannot be read: {exception.Message}");
        }
    }

    private DemoReply Call(DemoCaller caller, JsonElement body)
    {
        if (body.ValueKind is not JsonValueKind.Object
            || !body.TryGetProperty("method", out var method)
            || method.ValueKind is not JsonValueKind.String)
            return new DemoReply.BadRequest("""The body must be {"method": "<name>", "params": {...}}.""");
        if (body.TryGetProperty("params", out var parameters) && parameters.ValueKind is not JsonValueKind.Object)
            return new DemoReply.BadRequest("'params' must be an object.");
        return methods.Call(method.GetString()!, new DemoCall(caller, new DemoParameters(parameters)));
    }
}
