using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Cortex.Cli.Stdio.SignIn;

/// <summary>Where the browser comes back after a sign-in: an address on loopback (RFC 8252 section 7.3) that listens no longer than the sign-in takes.</summary>
internal sealed class LoopbackRedirect : IAsyncDisposable
{
    private const string Path = "/callback";

    private readonly string _state;
    private readonly TaskCompletionSource<IQueryCollection> _come = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WebApplication _app;

    private LoopbackRedirect(Uri address, string state)
    {
        _state = state;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, address.Port);
        });
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    /// <summary>The redirect URI, at a port that is free now.</summary>
    /// <param name="preferred">The port to take when it is free; null for any.</param>
    public static Uri Choose(int? preferred)
    {
        if (preferred is { } port && TryBind(port, out _))
            return new Uri($"http://127.0.0.1:{port}{Path}");
        TryBind(0, out var free);
        return new Uri($"http://127.0.0.1:{free}{Path}");
    }

    /// <summary>Listens for the answer to one authorization request.</summary>
    /// <param name="address">The redirect URI.</param>
    /// <param name="state">The request's <c>state</c>: what comes with another is not for it.</param>
    /// <exception cref="StdioException">Somebody else listens there.</exception>
    public static async Task<LoopbackRedirect> ListenAsync(Uri address, string state, CancellationToken cancellationToken)
    {
        var redirect = new LoopbackRedirect(address, state);
        try
        {
            await redirect._app.StartAsync(cancellationToken);
            return redirect;
        }
        catch (IOException exception)
        {
            await redirect.DisposeAsync();
            throw new StdioException($"Nobody can sign in, for another program listens at {address.GetLeftPart(UriPartial.Authority)}. Restart this server in the client.", exception);
        }
    }

    /// <summary>The answer's parameters.</summary>
    public Task<IQueryCollection> ComeAsync() => _come.Task;

    public async ValueTask DisposeAsync()
    {
        // In order, so that the page arrives before the listening ends.
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static bool TryBind(int port, out int bound)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            bound = ((IPEndPoint)socket.LocalEndPoint!).Port;
            return true;
        }
        catch (SocketException)
        {
            bound = 0;
            return false;
        }
    }

    private async Task AnswerAsync(HttpContext http)
    {
        var query = http.Request.Query;
        var isForUs = HttpMethods.IsGet(http.Request.Method) && http.Request.Path == Path
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(query["state"].ToString()), Encoding.UTF8.GetBytes(_state));
        http.Response.StatusCode = isForUs ? StatusCodes.Status200OK : StatusCodes.Status404NotFound;
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        http.Response.Headers.CacheControl = "no-store";
        var words = (isForUs, query.ContainsKey("error")) switch
        {
            (false, _) => "This address waits for a sign-in, and this is not the one.",
            (_, true) => "You are not signed in. Close this window; your MCP client says why.",
            _ => "You are signed in. Close this window and go back to your MCP client.",
        };
        await http.Response.WriteAsync($"<!doctype html><html lang=\"en\"><title>Cortex</title><p>{words}</p></html>", http.RequestAborted);
        await http.Response.CompleteAsync();
        if (isForUs)
            _come.TrySetResult(query);
    }
}
