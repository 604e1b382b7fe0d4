using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using Cortex.Backends;
using Cortex.Foundation.Configuration;
using Cortex.Foundation.Model;
using Cortex.Foundation.Outbound;
using Cortex.Foundation.Sealing;
using Cortex.Foundation.Storage;
using Cortex.Governance.Limits;
using Cortex.Identity.Callers;
using Cortex.Identity.Credentials;
using Cortex.Identity.Entitlements;
using Cortex.Identity.Linking;
using Cortex.Identity.Minting;
using Cortex.Identity.Vault;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Cortex.Tests.Identity.Callers;

/// <summary>The rooms of identity behind a real Kestrel, with an <c>/mcp</c> that tells who called. Its clock stands still unless moved.</summary>
internal sealed class IdentityHost : IAsyncDisposable
{
    private readonly string _folder;
    private readonly LiveConfiguration _configuration;
    private readonly WebApplication _app;

    private IdentityHost(string folder, LiveConfiguration configuration, WebApplication app, FakeTimeProvider time, string url)
    {
        (_folder, _configuration, _app, Time, Url) = (folder, configuration, app, time, url);
        Client = new HttpClient { BaseAddress = new Uri(url) };
    }

    public string Url { get; }

    public string Resource => Url + "/mcp";

    public HttpClient Client { get; }

    public FakeTimeProvider Time { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Starts a host whose file holds <paramref name="identity"/> below <c>identity:</c>, in YAML's flow style.</summary>
    public static async Task<IdentityHost> StartAsync(string identity = "{}", Action<IServiceCollection>? services = null, string limits = "{}")
    {
        var folder = Directory.CreateTempSubdirectory("cortex-identity-").FullName;
        var url = $"http://127.0.0.1:{FreePort()}";
        await WriteAsync(folder, url, identity, limits);
        var live = LiveConfiguration.Load(
            Path.Combine(folder, "cortex.yaml"),
            [GatewaySection.Section, StorageRegistration.Section, SealingRegistration.Section, CallersRegistration.Section, LimitsRegistration.Section, BackendsRegistration.Section, BackendsRegistration.PlainProxySection],
            new Dictionary<string, string?> { ["TEST_SECRET"] = "a secret of the tests" });
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds()));

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddSingleton<FindToolset>(_ => name => name == "support" ? new KnownToolset("Support desk", () => ScopeSet.Of(Scope.Parse("mcp:notes:read"))) : null);
        builder.Services.AddLiveConfiguration(live);
        builder.AddStorage(live);
        builder.AddSealing(live);
        builder.AddOutbound(live);
        builder.AddBackends(live.Monitor<PlainProxyOptions>());
        builder.AddLimits();
        builder.AddCallers(live);
        builder.AddEntitlements(live);
        builder.AddMinting(live);
        builder.Services.AddVault();
        builder.Services.AddSingleton<LinkInvitations>();
        builder.AddCredentials(live);
        services?.Invoke(builder.Services);

        var app = builder.Build();
        foreach (var preparation in app.Services.GetServices<IPreparation>())
            await preparation.PrepareAsync(CancellationToken.None);
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseEntitlements();
        app.MapProtectedResourceMetadata();
        app.MapIdentityIssuer();
        app.Map("/mcp/{toolset?}", TellAsync).RequireAuthorization(CallerAuthentication.McpPolicy);
        await app.StartAsync();
        return new IdentityHost(folder, live, app, time, url);
    }

    /// <summary>Replaces what stands below <c>identity:</c> and reloads.</summary>
    public async Task ReconfigureAsync(string identity)
    {
        await WriteAsync(_folder, Url, identity);
        var result = _configuration.Reload();
        if (result is not ReloadResult.Accepted)
            throw new InvalidOperationException($"The configuration was not accepted: {result}");
    }

    /// <summary>A person of the embedded server.</summary>
    public Task<Person> AddPersonAsync(string email = "ada@example.com", bool verified = true) =>
        Services.GetRequiredService<PersonStore>().EnsureAsync(Url + "/", email, new PersonClaims(email, verified, "Ada", null, null), CancellationToken.None);

    /// <summary>An access token as the embedded server issues it, with the given members changed or, if null, left out.</summary>
    public async Task<string> TokenAsync(params (string Name, object? Value)[] changes)
    {
        var person = await AddPersonAsync();
        return TestJwt.Sign(EmbeddedKey, "at+jwt", TestJwt.Payload(Time, Url + "/", Resource, person.Id.Value, changes));
    }

    public SigningKey EmbeddedKey => Services.GetRequiredService<SigningKeys>().Active(KeyPurpose.Issuer);

    /// <summary>Calls a path with a bearer token.</summary>
    public Task<HttpResponseMessage> CallAsync(string? token, string path = "/mcp")
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return Client.SendAsync(request);
    }

    /// <summary>Calls <c>/mcp</c> and gives what it tells of the caller.</summary>
    public async Task<JsonElement> WhoAmIAsync(string token, string path = "/mcp")
    {
        using var response = await CallAsync(token, path);
        var body = await response.Content.ReadAsStringAsync();
        if (response.StatusCode != HttpStatusCode.OK)
            throw new InvalidOperationException($"{(int)response.StatusCode} {response.Headers.WwwAuthenticate} {body}");
        return JsonDocument.Parse(body).RootElement;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static Task TellAsync(HttpContext context)
    {
        var caller = context.GetCaller();
        return context.Response.WriteAsJsonAsync(new
        {
            person = caller.Person?.Id.Value,
            email = caller.Person?.Email,
            verified = caller.Person?.EmailVerified,
            client = caller.ClientId,
            issuer = caller.Issuer,
            tokenScopes = caller.TokenScopes.ToString(),
            scopes = caller.Scopes.ToString(),
            plan = caller.Plan,
        });
    }

    private static Task WriteAsync(string folder, string url, string identity, string limits = "{}") => File.WriteAllTextAsync(
        Path.Combine(folder, "cortex.yaml"),
        $"gateway: {{ publicUrl: '{url}' }}\nstorage: {{ database: 'sqlite:cortex.db' }}\nidentity: {identity}\nlimits: {limits}\n");

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
