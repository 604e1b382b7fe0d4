using System.Net.Http.Json;
using System.Text.Json;
using Cortex.Tests.Clients;

namespace Cortex.Tests.Fixtures.Linking;

/// <summary>npm <c>oidc-provider</c> as the provider of a third party, in a process of its own: see <c>linking-provider.mjs</c>.</summary>
internal sealed class LinkedProvider : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private readonly HttpClient _http;

    private LinkedProvider(ChildProcess process, string issuer)
    {
        _process = process;
        Issuer = issuer;
        _http = new HttpClient { BaseAddress = new Uri($"{issuer}/test/") };
    }

    public string Issuer { get; }

    public static async Task<LinkedProvider> StartAsync()
    {
        var process = ChildProcess.Start("node", ["linking-provider.mjs"], NodeClient.Folder);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            var line = await process.ReadLineAsync(limit.Token) ?? throw new InvalidOperationException($"oidc-provider did not start: {process.Error}");
            process.ReadAway();
            return new LinkedProvider(process, JsonSerializer.Deserialize<JsonElement>(line).GetProperty("issuer").GetString()!);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>From now on access tokens live so long.</summary>
    public Task SetAccessLifeAsync(int seconds) => ControlAsync("settings", new { accessSeconds = seconds });

    /// <summary>Takes back all that an account granted: its refresh tokens are refused from now on.</summary>
    public Task RevokeAsync(string account) => ControlAsync("revoke", new { account });

    /// <summary>Forgets every client that registered itself.</summary>
    public Task ForgetClientsAsync() => ControlAsync("forget-clients", new { });

    /// <summary>What happened so far.</summary>
    public Task<ProviderCounts> CountAsync() => ControlAsync("counts", new { });

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return _process.DisposeAsync();
    }

    private async Task<ProviderCounts> ControlAsync(string what, object body)
    {
        using var answer = await _http.PostAsJsonAsync(what, body);
        var counts = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return new ProviderCounts(Count("authorization_code"), Count("refresh_token"), Count("refused"), Count("registrations"), Count("revocations"));

        int Count(string name) => counts.GetProperty(name).GetInt32();
    }
}

/// <summary>What a provider has done: codes and refresh tokens redeemed, requests for tokens refused, clients registered, requests to take a token back.</summary>
internal sealed record ProviderCounts(int Codes, int Refreshes, int Refusals, int Registrations, int Revocations);
