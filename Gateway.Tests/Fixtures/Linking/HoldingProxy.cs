using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Cortex.Tests.Fixtures.Linking;

/// <summary>Where a held question stands.</summary>
internal enum HeldAt
{
    /// <summary>Nothing is held.</summary>
    Nowhere,

    /// <summary>The question has come and the provider does not have it; it never gets it.</summary>
    Question,

    /// <summary>The provider has acted; whoever asked never gets the answer.</summary>
    Answer,
}

/// <summary>Stands before a provider's token endpoint, passes questions on, and holds one where a test says until its asker is gone.</summary>
internal sealed class HoldingProxy : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http = new();
    private readonly Uri _target;
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _asked;
    private int _given;

    private HoldingProxy(WebApplication app, Uri target) => (_app, _target) = (app, target);

    public Uri Endpoint { get; private set; } = null!;

    /// <summary>Where the next question is held.</summary>
    public HeldAt Hold { get; set; }

    /// <summary>Ends when a question is held.</summary>
    public Task Held => _held.Task;

    /// <summary>Questions that the provider got, and those of them that it answered with tokens.</summary>
    public (int Asked, int Given) Counts => (Volatile.Read(ref _asked), Volatile.Read(ref _given));

    public static async Task<HoldingProxy> StartAsync(Uri target)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var proxy = new HoldingProxy(builder.Build(), target);
        proxy._app.MapPost("/token", proxy.PassAsync);
        await proxy._app.StartAsync();
        proxy.Endpoint = new Uri(proxy._app.Urls.First() + "/token");
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
    }

    private async Task PassAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var form = await reader.ReadToEndAsync();
        var hold = Hold;
        Hold = HeldAt.Nowhere;
        if (hold == HeldAt.Question)
        {
            await HoldAsync(context);
            return;
        }

        using var question = new HttpRequestMessage(HttpMethod.Post, _target) { Content = new StringContent(form, MediaTypeHeaderValue.Parse("application/x-www-form-urlencoded")) };
        if (context.Request.Headers.Authorization is [{ } credentials])
            question.Headers.TryAddWithoutValidation("Authorization", credentials);
        using var answer = await _http.SendAsync(question);
        var body = await answer.Content.ReadAsStringAsync();
        Interlocked.Increment(ref _asked);
        if (answer.IsSuccessStatusCode)
            Interlocked.Increment(ref _given);
        if (hold == HeldAt.Answer)
        {
            await HoldAsync(context);
            return;
        }

        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body);
    }

    private async Task HoldAsync(HttpContext context)
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = context.RequestAborted.Register(gone.SetResult);
        _held.TrySetResult();
        await gone.Task;
    }
}
