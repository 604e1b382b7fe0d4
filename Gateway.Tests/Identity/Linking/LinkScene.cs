using System.Text.Json.Nodes;
using Cortex.Foundation.Model;
using Cortex.Foundation.Storage;
using Cortex.Governance.Audit;
using Cortex.Identity.Linking;
using Cortex.Identity.Vault;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Fixtures.Linking;
using Cortex.Tests.Identity.AuthorizationServer;
using Cortex.Tests.Identity.Vault;
using Dapper;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;

namespace Cortex.Tests.Identity.Linking;

/// <summary>
/// A gateway before two third parties whose every answer is the test's to change, on a clock of its own. Backends: <c>canva</c> and <c>other</c> with a client
/// registered by hand, <c>unknown</c> at the second one without, and <c>plain</c>, at which nothing is linked.
/// </summary>
internal sealed class LinkScene : IAsyncDisposable
{
    public static readonly BackendId Canva = BackendId.Parse("canva");
    public static readonly BackendId Elsewhere = BackendId.Parse("other");
    public static readonly BackendId Unknown = BackendId.Parse("unknown");

    private readonly SharedWriter _audit = new();

    private LinkScene(ThirdPartyServer server, ThirdPartyServer other) => (Server, Other) = (server, other);

    public ThirdPartyServer Server { get; }

    public ThirdPartyServer Other { get; }

    public ShiftedClock Clock { get; } = new();

    public GatewayHost Gateway { get; private set; } = null!;

    /// <summary>Audit lines so far.</summary>
    public string Audited => _audit.ToString();

    public static async Task<LinkScene> StartAsync(string? publicUrl = null)
    {
        var scene = new LinkScene(await ThirdPartyServer.StartAsync(), await ThirdPartyServer.StartAsync());
        scene.Gateway = await GatewayHost.StartAsync(
            $$"""
            gateway: { name: Acme gateway }
            limits: { signIns: { addressPerMinute: 6000, networkPerMinute: 6000 } }
            backends:
              canva: { kind: mcp, url: "{{scene.Server.Origin}}/mcp", auth: linkedAccount, link: { clientId: gateway, personalTokens: true } }
              other: { kind: mcp, url: "{{scene.Other.Origin}}/mcp", auth: linkedAccount, link: { clientId: gateway, issuer: "{{scene.Other.Issuer}}" } }
              unknown: { kind: mcp, url: "{{scene.Other.Origin}}/mcp", auth: linkedAccount }
              plain: { kind: mcp, url: "{{scene.Other.Origin}}/mcp", auth: none }
            """,
            dialect: DatabaseDialect.Sqlite,
            publicUrl: publicUrl,
            customize: builder => builder.Services.AddSingleton<TimeProvider>(scene.Clock).AddSingleton(new AuditOutput(scene._audit)));
        return scene;
    }

    public static JsonObject Tokens(string access) => new() { ["access_token"] = access, ["token_type"] = "Bearer", ["expires_in"] = 360_000, ["refresh_token"] = "r" };

    /// <summary>The path of the gateway at which the provider would answer.</summary>
    public static string AnswerTo(Uri way, params (string Name, string? Value)[] parameters)
    {
        var sent = TestClient.ParametersOf(way);
        return QueryHelpers.AddQueryString(
            new Uri(sent["redirect_uri"]).AbsolutePath,
            parameters.Append((Name: "state", Value: sent["state"])).Where(parameter => parameter.Value is not null).Select(parameter => KeyValuePair.Create(parameter.Name, parameter.Value)));
    }

    /// <summary>Both parties are as they were, and what the gateway learned of them is forgotten.</summary>
    public void Reset()
    {
        Clock.Advance(TimeSpan.FromMinutes(2));
        foreach (var server in new[] { Server, Other })
        {
            server.Token = null;
            server.Serve("/.well-known/oauth-authorization-server/as", server.ProviderMetadata());
            server.Answer("/as/token", 200, Tokens("access"));
        }
    }

    /// <summary>Brings the answer of <see cref="Server"/>'s provider.</summary>
    public Task<BrowserPage> AnswerAsync(LinkBrowser browser, Uri way, params (string Name, string? Value)[] parameters) =>
        browser.OpenAsync(AnswerTo(way, [.. parameters, ("iss", Server.Issuer)]));

    /// <summary>Links the account of whoever is signed in, at <see cref="Server"/>.</summary>
    public async Task LinkAsync(LinkBrowser browser) => await AnswerAsync(browser, await browser.BeginAsync(Canva), ("code", "c"));

    /// <summary>The address that an agent of the person is given.</summary>
    public async Task<Uri> InviteAsync(string email) => Gateway.Get<LinkInvitations>().Invite(await FindPersonAsync(email), Canva, []).Address;

    /// <summary>The token in the vault for a person, or null.</summary>
    public async Task<string?> TokenAsync(string email) =>
        await Gateway.Get<PersonVault>().FindAsync(new GrantKey(await FindPersonAsync(email), Canva), default) is VaultResult.Granted granted ? granted.AccessToken.Reveal() : null;

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Other.DisposeAsync();
        await Server.DisposeAsync();
    }

    private async Task<PersonId> FindPersonAsync(string email)
    {
        await using var connection = await Gateway.Get<Database>().OpenAsync(default);
        return PersonId.Parse((await connection.ExecuteScalarAsync<string>("SELECT id FROM persons WHERE email = @Email", new { Email = email }))!);
    }
}
