using System.Net.Http.Json;
using System.Text.Json;
using Cortex.Tests.Clients;

namespace Cortex.Tests.Fixtures;

/// <summary>npm <c>oidc-provider</c> with a grant that exchanges tokens, in a process of its own: see <c>exchange-provider.mjs</c>.</summary>
internal sealed class ExchangeProvider : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private readonly HttpClient _http;

    private ExchangeProvider(ChildProcess process, string issuer)
    {
        _process = process;
        Issuer = issuer;
        _http = new HttpClient { BaseAddress = new Uri($"{issuer}/test/") };
    }

    public string Issuer { get; }

    public string TokenEndpoint => $"{Issuer}/token";

    /// <param name="trusted">Whose tokens it takes: issuers and the addresses of their keys.</param>
    public static async Task<ExchangeProvider> StartAsync(params (string Issuer, string Keys)[] trusted)
    {
        var process = ChildProcess.Start("node", ["exchange-provider.mjs", JsonSerializer.Serialize(trusted.ToDictionary(entry => entry.Issuer, entry => entry.Keys))], NodeClient.Folder);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            var line = await process.ReadLineAsync(limit.Token) ?? throw new InvalidOperationException($"oidc-provider did not start: {process.Error}");
            process.ReadAway();
            return new ExchangeProvider(process, JsonSerializer.Deserialize<JsonElement>(line).GetProperty("issuer").GetString()!);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>From now on every question is refused with this error; null for none.</summary>
    public Task RefuseAsync(string? error) => ControlAsync(new { error });

    /// <summary>From now on tokens live so long.</summary>
    public Task SetLifeAsync(int seconds) => ControlAsync(new { accessSeconds = seconds });

    /// <summary>How many tokens were given.</summary>
    public async Task<int> CountAsync() => (await ControlAsync(new { })).GetProperty("given").GetInt32();

    /// <summary>How often it was asked.</summary>
    public async Task<int> CountAskedAsync() => (await ControlAsync(new { })).GetProperty("asked").GetInt32();

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return _process.DisposeAsync();
    }

    private async Task<JsonElement> ControlAsync(object settings)
    {
        using var answer = await _http.PostAsJsonAsync("settings", settings);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
