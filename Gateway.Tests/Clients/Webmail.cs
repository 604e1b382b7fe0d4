using System.Collections.Concurrent;
using System.Net;
using Cortex.Tests.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Cortex.Tests.Clients;

/// <summary>Where programs pick up the links that an <see cref="SmtpSink"/> took: <c>GET /?to=address</c>, each link once; 404 while there is none.</summary>
internal sealed class Webmail(SmtpSink sink) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, bool> _taken = new(StringComparer.Ordinal);
    private WebApplication? _app;

    public string Url => _app!.Urls.Single();

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(AnswerAsync);
        await _app.StartAsync();
    }

    /// <summary>The newest link to an address; null when it was taken already, or none came.</summary>
    public Uri? TryTake(string recipient) =>
        sink.Mails.Any(mail => mail.To.Mailboxes.Single().Address == recipient) && sink.LinkTo(recipient) is var link && _taken.TryAdd(link.AbsoluteUri, true)
            ? link
            : null;

    public ValueTask DisposeAsync() => _app!.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        if (TryTake(context.Request.Query["to"].ToString()) is { } link)
            await context.Response.WriteAsync(link.AbsoluteUri);
        else
            context.Response.StatusCode = StatusCodes.Status404NotFound;
    }
}
