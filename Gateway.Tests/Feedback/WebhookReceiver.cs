using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Cortex.Foundation.Model;
using Cortex.Foundation.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Cortex.Tests.Feedback;

/// <summary>An operator's receiver on a real port, which checks signatures and answers as told.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    public const string SecretText = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private readonly ConcurrentQueue<(string Id, string Body)> _received = new();
    private WebApplication? _app;

    /// <summary>The clock by which timestamps are checked.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public string Url { get; private set; } = "";

    public int Port => new Uri(Url).Port;

    /// <summary>The answer: a status, and what goes with it.</summary>
    public Action<HttpResponse> Answer { get; set; } = response => response.StatusCode = StatusCodes.Status204NoContent;

    /// <summary>What came with a good signature, oldest first.</summary>
    public IReadOnlyList<(string Id, string Body)> Received => [.. _received];

    public static async Task<WebhookReceiver> StartAsync(TimeProvider time, int port = 0)
    {
        var receiver = new WebhookReceiver { Time = time };
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        receiver._app = builder.Build();
        receiver._app.Run(receiver.HandleAsync);
        await receiver._app.StartAsync();
        receiver.Url = receiver._app.Urls.Single();
        return receiver;
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var headers = context.Request.Headers;
        var id = headers[StandardWebhook.IdHeader].ToString();
        if (!StandardWebhook.Verify(new Secret(SecretText), id, headers[StandardWebhook.TimestampHeader], headers[StandardWebhook.SignatureHeader], body.ToArray(), Time.GetUtcNow()))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        _received.Enqueue((id, Encoding.UTF8.GetString(body.ToArray())));
        Answer(context.Response);
    }
}
