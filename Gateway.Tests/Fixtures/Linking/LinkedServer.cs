using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Cortex.Tests.Fixtures.Linking;

/// <summary>
/// A third party's MCP server: <see cref="NativeServer"/> that wants a token of its provider for itself, says so by
/// <see href="https://www.rfc-editor.org/rfc/rfc9728">RFC 9728</see>, and whose tool <c>whoami</c> tells the subject.
/// </summary>
internal sealed class LinkedServer : IAsyncDisposable
{
    private const string MetadataPath = "/.well-known/oauth-protected-resource/mcp";

    private readonly string _issuer;
    private readonly ConcurrentDictionary<string, string> _refused = new();

    private LinkedServer(NativeServer native, string issuer) => (Native, _issuer) = (native, issuer);

    public NativeServer Native { get; }

    /// <summary>The MCP endpoint, and the audience of its tokens.</summary>
    public string Url => Native.Url;

    /// <summary>Scopes that its challenge asks for.</summary>
    public string Scopes { get; set; } = "read";

    /// <summary>Scope that a tool needs; a call with a token that lacks it gets 403 <c>insufficient_scope</c>.</summary>
    public ConcurrentDictionary<string, string> NeededScopes { get; } = new();

    /// <summary>Everything but requests for its metadata that arrived with a token, oldest first.</summary>
    public IReadOnlyList<CapturedRequest> Calls => [.. Native.Requests.Where(request => request.Bearer is not null)];

    public static async Task<LinkedServer> StartAsync(string issuer, NativeEra era = NativeEra.LegacyStateful)
    {
        var native = await NativeServer.StartAsync(era, issuer);
        var server = new LinkedServer(native, issuer);
        native.Intercept = server.GuardAsync;
        return server;
    }

    /// <summary>Refuses a token from now on with 401, as after its end.</summary>
    public void Refuse(string accessToken) => _refused[accessToken] = accessToken;

    public ValueTask DisposeAsync() => Native.DisposeAsync();

    private async Task GuardAsync(HttpContext context, Func<Task> next)
    {
        if (context.Request.Path == MetadataPath)
        {
            await context.Response.WriteAsJsonAsync(new { resource = Url, authorization_servers = new[] { _issuer }, scopes_supported = new[] { "read", "write", "admin" } });
            return;
        }

        var origin = new Uri(Url).GetLeftPart(UriPartial.Authority);
        var request = await CapturedRequest.ReadAsync(context.Request);
        if (request.Bearer is { } token && _refused.ContainsKey(token))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = $"""Bearer error="invalid_token", resource_metadata="{origin}{MetadataPath}" """.Trim();
            return;
        }

        if (ToolOf(request) is { } tool && NeededScopes.TryGetValue(tool, out var scope) && request.Token is { } jwt
            && !jwt.GetPayloadValue<string>("scope").Split(' ').Contains(scope))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            context.Response.Headers.WWWAuthenticate = $"""Bearer error="insufficient_scope", scope="{scope}", resource_metadata="{origin}{MetadataPath}" """.Trim();
            return;
        }

        context.Response.OnStarting(() =>
        {
            if (context.Response.StatusCode == StatusCodes.Status401Unauthorized)
                context.Response.Headers.WWWAuthenticate = $"""Bearer scope="{Scopes}", resource_metadata="{origin}{MetadataPath}" """.Trim();
            return Task.CompletedTask;
        });
        await next();
    }

    private static string? ToolOf(CapturedRequest request) => request.RpcMethod == "tools/call"
        && request.Json.TryGetProperty("params", out var parameters) && parameters.ValueKind == JsonValueKind.Object && parameters.TryGetProperty("name", out var name)
        ? name.GetString()
        : null;
}
