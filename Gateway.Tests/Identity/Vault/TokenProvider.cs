using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Cortex.Tests.Identity.Vault;

/// <summary>How the provider behaves.</summary>
internal enum ProviderFault
{
    None,

    /// <summary>The next request is cut off before the provider acts on it.</summary>
    CutBefore,

    /// <summary>The next request is acted on, and its answer is cut off.</summary>
    CutAfter,

    /// <summary>The next answer ends in the middle of its tokens.</summary>
    HalfAnswer,

    /// <summary>Every request is answered with 503.</summary>
    Unavailable,

    /// <summary>Every request is answered with invalid_client.</summary>
    InvalidClient,
}

/// <summary>A provider's token endpoint with refresh tokens that count once, and the faults a test asks for.</summary>
internal sealed class TokenProvider : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Lock _gate = new();
    private readonly HashSet<string> _refreshTokens = [];
    private int _number;
    private int _requests;
    private int _refreshes;

    private TokenProvider(WebApplication app) => _app = app;

    public Uri Endpoint { get; private set; } = null!;

    public ProviderFault Fault { get; set; }

    /// <summary>When set, is awaited after the provider has acted and before it answers.</summary>
    public Func<Task>? Answering { get; set; }

    /// <summary>Life of the access tokens.</summary>
    public TimeSpan Life { get; set; } = TimeSpan.FromHours(1);

    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Refresh tokens that were spent.</summary>
    public int Refreshes => Volatile.Read(ref _refreshes);

    public static async Task<TokenProvider> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var provider = new TokenProvider(app);
        app.MapPost("/token", provider.AnswerAsync);
        await app.StartAsync();
        provider.Endpoint = new Uri(app.Urls.First() + "/token");
        return provider;
    }

    /// <summary>A refresh token that counts once.</summary>
    public string IssueRefreshToken()
    {
        lock (_gate)
        {
            var token = $"refresh-{++_number}";
            _refreshTokens.Add(token);
            return token;
        }
    }

    /// <summary>Takes every grant back.</summary>
    public void RevokeAll()
    {
        lock (_gate)
            _refreshTokens.Clear();
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        var fault = Fault;
        if (fault is ProviderFault.CutBefore or ProviderFault.CutAfter or ProviderFault.HalfAnswer)
            Fault = ProviderFault.None;
        if (fault is ProviderFault.Unavailable)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        if (fault is ProviderFault.InvalidClient)
        {
            await WriteAsync(context, StatusCodes.Status401Unauthorized, """{"error":"invalid_client"}""");
            return;
        }

        if (fault is ProviderFault.CutBefore)
        {
            context.Abort();
            return;
        }

        var form = await context.Request.ReadFormAsync();
        var next = Redeem(form["refresh_token"].ToString());
        if (Answering is { } answering)
            await answering();
        if (fault is ProviderFault.CutAfter)
            context.Abort();
        else if (next is null)
            await WriteAsync(context, StatusCodes.Status400BadRequest, """{"error":"invalid_grant"}""");
        else
            await AnswerAsync(context, next, fault is ProviderFault.HalfAnswer);
    }

    private async Task AnswerAsync(HttpContext context, string refreshToken, bool half)
    {
        var seconds = Life.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        var answer = $$"""{"access_token":"access-of-{{refreshToken}}","token_type":"bearer","expires_in":{{seconds}},"refresh_token":"{{refreshToken}}"}""";
        if (!half)
        {
            await WriteAsync(context, StatusCodes.Status200OK, answer);
            return;
        }

        context.Response.ContentLength = answer.Length;
        await context.Response.WriteAsync(answer[..40]);
        await context.Response.Body.FlushAsync();
        context.Abort();
    }

    private static Task WriteAsync(HttpContext context, int status, string json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json);
    }

    private string? Redeem(string refreshToken)
    {
        lock (_gate)
        {
            if (!_refreshTokens.Remove(refreshToken))
                return null;
            Interlocked.Increment(ref _refreshes);
        }

        return IssueRefreshToken();
    }
}
