using System.Text.Json;

namespace Cortex.Tests.Clients;

/// <summary>npm <c>oidc-provider</c>: a real OpenID provider on a free loopback port, with the accounts <c>alice</c> and <c>bob</c>.</summary>
internal sealed class OpenIdProvider : IAsyncDisposable
{
    public const string ClientId = "gateway";
    public const string ClientSecret = "a-secret-of-the-gateway";

    private readonly ChildProcess _process;

    private OpenIdProvider(ChildProcess process, string issuer)
    {
        _process = process;
        Issuer = issuer;
    }

    public string Issuer { get; }

    /// <param name="redirectUri">The gateway's one redirect URI.</param>
    public static async Task<OpenIdProvider> StartAsync(string redirectUri)
    {
        var process = ChildProcess.Start("node", ["openid-provider.mjs", redirectUri], NodeClient.Folder);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            var line = await process.ReadLineAsync(limit.Token)
                ?? throw new InvalidOperationException($"oidc-provider did not start: {process.Error}");
            process.ReadAway();
            return new OpenIdProvider(process, JsonSerializer.Deserialize<JsonElement>(line).GetProperty("issuer").GetString()!);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
