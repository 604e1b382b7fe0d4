using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Cortex.Backends;
using Cortex.Foundation.Model;
using Cortex.Foundation.Storage;
using Cortex.Identity.Linking;
using Cortex.Identity.Vault;
using Cortex.Mcp.Links;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Fixtures.Conformance;
using Cortex.Tests.Identity.Vault;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Cortex.Tests.Mcp.Links;

/// <summary>
/// A gateway before a server of both eras at which persons have accounts of their own: it lists to anybody, does something only for whoever has a token that it does not
/// refuse, and keeps what arrived. Grants go straight into the vault, where a provider with single-use refresh tokens renews them.
/// </summary>
internal sealed class LinkedCallStage : IAsyncDisposable
{
    public const string Challenge = "Bearer realm=\"the-provider\", error=\"invalid_token\"";
    public static readonly BackendId Backend = BackendId.Parse("test");

    private static readonly string[] Actions = ["tools/call", "prompts/get", "resources/read", "completion/complete", "resources/subscribe"];

    private readonly ConcurrentDictionary<string, bool> _refused = new();
    private int _people;

    private LinkedCallStage(ConformanceServer server, TokenProvider provider) => (Server, Provider) = (server, provider);

    public ConformanceServer Server { get; }

    public TokenProvider Provider { get; }

    public GatewayHost Gateway { get; private set; } = null!;

    public PersonVault Vault => Gateway.Get<PersonVault>();

    /// <summary>True: every token is refused.</summary>
    public bool RefusesAll { get; set; }

    /// <summary>When set, a call of a tool is answered with 403 and this challenge.</summary>
    public string? Forbidden { get; set; }

    /// <param name="patience">How long a call waits for its person to link.</param>
    /// <param name="more">More YAML.</param>
    /// <param name="customize">Last say over what is registered.</param>
    public static async Task<LinkedCallStage> StartAsync(TimeSpan patience = default, string more = "", Action<WebApplicationBuilder>? customize = null)
    {
        var stage = new LinkedCallStage(await ConformanceServer.StartAsync(dropsPrefix: true), await TokenProvider.StartAsync());
        stage.Server.Intercept = stage.GuardAsync;
        stage.Gateway = await GatewayHost.StartAsync(
            $$"""
            backends: { test: { kind: mcp, url: "{{stage.Server.Url}}", auth: linkedAccount } }
            {{more}}
            """,
            customize: builder =>
            {
                builder.Services.AddSingleton(new LinkPatience(patience));
                customize?.Invoke(builder);
            });
        return stage;
    }

    /// <summary>Somebody who was never here before.</summary>
    public async Task<(TestPerson Person, GrantKey Key)> NewPersonAsync(string scopes = "mcp:test")
    {
        var email = $"person{Interlocked.Increment(ref _people)}@example.com";
        var person = await TestPerson.SignInAsync(Gateway, email, scopes);
        await using var connection = await Gateway.Get<Database>().OpenAsync(CancellationToken.None);
        var id = await Dapper.SqlMapper.ExecuteScalarAsync<string>(connection, "SELECT id FROM persons WHERE email = @email", new { email });
        return (person, new GrantKey(PersonId.Parse(id!), Backend));
    }

    /// <summary>Somebody who linked this token.</summary>
    public async Task<(TestPerson Person, GrantKey Key)> NewLinkedPersonAsync(string token, bool refreshes = true, TimeSpan? life = null)
    {
        var (person, key) = await NewPersonAsync();
        await LinkAsync(key, token, refreshes, life);
        return (person, key);
    }

    /// <param name="key">Whose, and where.</param>
    /// <param name="token">The access token.</param>
    /// <param name="refreshes">Whether the provider gives others.</param>
    /// <param name="life">How long it counts.</param>
    /// <param name="resource">The server that it is for; null: the one that is called.</param>
    public Task LinkAsync(GrantKey key, string token, bool refreshes = true, TimeSpan? life = null, string? resource = null) => Vault.LinkAsync(
        key,
        "https://provider.example",
        new Grant
        {
            AccessToken = token,
            RefreshToken = refreshes ? Provider.IssueRefreshToken() : null,
            Client = new GrantClient
            {
                ClientId = "gateway",
                TokenEndpoint = Provider.Endpoint,
                OnLoopback = true,
                Resource = resource ?? Gateway.Get<BackendRegistry>().Current.Find(Backend)!.ServerAddress.AbsoluteUri,
            },
        },
        new GrantTerms("read", DateTimeOffset.UtcNow + (life ?? TimeSpan.FromHours(1))),
        CancellationToken.None);

    /// <summary>Refuses a token from now on.</summary>
    public void Refuse(string token) => _refused[token] = true;

    /// <summary>The tokens that calls of a method arrived with, oldest first.</summary>
    public IReadOnlyList<string?> Tokens(string method = "tools/call") => [.. Server.Calls(method).Select(call => call.Bearer)];

    /// <summary>What the address in an answer is for; fails the test when it is none.</summary>
    public LinkRequest Read(string address)
    {
        var uri = new Uri(address);
        if (uri.GetLeftPart(UriPartial.Path) != $"{Gateway.Url}/link/test/start")
            throw new InvalidOperationException($"{address} is not the gateway's own page.");
        return Gateway.Get<LinkInvitations>().TryRead(Backend, System.Web.HttpUtility.ParseQueryString(uri.Query)["for"]) ?? throw new InvalidOperationException($"{address} is no invitation.");
    }

    /// <summary>The address in a sentence.</summary>
    public LinkRequest ReadFrom(string text) => Read(text[text.IndexOf("http", StringComparison.Ordinal)..].Split(' ')[0]);

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Server.DisposeAsync();
        await Provider.DisposeAsync();
    }

    private async Task GuardAsync(HttpContext context, Func<Task> next)
    {
        var request = await CapturedRequest.ReadAsync(context.Request);
        if (request.Bearer is not { } bearer ? Actions.Contains(request.RpcMethod) : RefusesAll || _refused.ContainsKey(bearer))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = Challenge;
            await context.Response.WriteAsJsonAsync(new JsonObject { ["jsonrpc"] = "2.0", ["error"] = new JsonObject { ["code"] = -32001, ["message"] = "the provider's own words" } });
        }
        else if (Forbidden is { } forbidden && request.RpcMethod == "tools/call")
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            context.Response.Headers.WWWAuthenticate = forbidden;
        }
        else
        {
            await next();
        }
    }
}
