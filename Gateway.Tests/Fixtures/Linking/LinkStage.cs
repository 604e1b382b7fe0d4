using Cortex.Foundation.Model;
using Cortex.Foundation.Storage;
using Cortex.Identity.Linking;
using Cortex.Identity.Vault;
using Microsoft.AspNetCore.Builder;

namespace Cortex.Tests.Fixtures.Linking;

/// <summary>
/// A gateway with the backend <c>canva</c>, at which persons link their accounts: a third party's MCP server behind a real OpenID provider. More replicas
/// share its storage.
/// </summary>
internal sealed class LinkStage : IAsyncDisposable
{
    public static readonly BackendId Canva = BackendId.Parse("canva");

    private readonly List<GatewayHost> _replicas = [];
    private readonly string _more;
    private readonly string _options;
    private readonly string _identity;

    private LinkStage(LinkedProvider provider, LinkedServer server, string options, string identity, string more) =>
        (Provider, Server, _options, _identity, _more) = (provider, server, options, identity, more);

    public LinkedProvider Provider { get; }

    public LinkedServer Server { get; }

    public GatewayHost Gateway => _replicas[0];

    /// <param name="dialect">The kind of the gateway's storage; null: <see cref="TestStorage.Default"/>.</param>
    /// <param name="era">What the server speaks.</param>
    /// <param name="options">More options of the backend, such as <c>catalog: perPerson</c>, in YAML's flow style.</param>
    /// <param name="identity">The content of <c>identity:</c>, in YAML's flow style.</param>
    /// <param name="more">More YAML: further backends, indented by two, and then further roots.</param>
    /// <param name="customize">Last say over what is registered.</param>
    /// <param name="builtins">True for the gateway's builtins.</param>
    public static async Task<LinkStage> StartAsync(
        DatabaseDialect? dialect = null,
        NativeEra era = NativeEra.LegacyStateful,
        string options = "",
        string identity = "{}",
        string more = "",
        Action<WebApplicationBuilder>? customize = null,
        bool builtins = false)
    {
        var provider = await LinkedProvider.StartAsync();
        var stage = new LinkStage(provider, await LinkedServer.StartAsync(provider.Issuer, era), options, identity, more);
        stage._replicas.Add(await GatewayHost.StartAsync(stage.Yaml, dialect: dialect, customize: customize, builtins: builtins));
        return stage;
    }

    /// <summary>The gateway's configuration.</summary>
    public string Yaml => $$"""
        identity: {{_identity}}
        limits: { signIns: { addressPerMinute: 6000, networkPerMinute: 6000 } }
        backends:
          canva: { kind: mcp, url: "{{Server.Url}}", auth: linkedAccount{{(_options.Length == 0 ? "" : ", " + _options)}} }
        {{_more}}
        """;

    /// <summary>Another replica.</summary>
    public async Task<GatewayHost> AddReplicaAsync(Action<WebApplicationBuilder>? customize = null, bool builtins = false)
    {
        var replica = await GatewayHost.StartAsync(Yaml, Gateway.Storage, publicUrl: Gateway.Url, customize: customize, builtins: builtins);
        _replicas.Add(replica);
        return replica;
    }

    /// <summary>The person of an address, who has signed in before.</summary>
    public async Task<PersonId> FindPersonAsync(string email)
    {
        await using var connection = await Gateway.Get<Database>().OpenAsync(CancellationToken.None);
        return PersonId.Parse(await Dapper.SqlMapper.ExecuteScalarAsync<string>(connection, "SELECT id FROM persons WHERE email = @Email", new { Email = email })
            ?? throw new InvalidOperationException($"{email} has not signed in."));
    }

    /// <summary>A browser in which a person is signed in at the gateway.</summary>
    public Task<LinkBrowser> SignInAsync(string email) => LinkBrowser.SignInAsync(Gateway, email);

    /// <summary>Links a person's account, by the way that people take.</summary>
    /// <param name="email">Who, at the gateway.</param>
    /// <param name="account">Who, at the provider.</param>
    public async Task<PersonId> LinkAsync(string email, string account)
    {
        using var browser = await SignInAsync(email);
        await browser.LinkAsync(Canva, account);
        return await FindPersonAsync(email);
    }

    /// <summary>What the vault has for a person.</summary>
    public ValueTask<VaultResult> FindGrantAsync(PersonId person) => Gateway.Get<PersonVault>().FindAsync(new GrantKey(person, Canva), CancellationToken.None);

    /// <summary>How the person's account stands.</summary>
    public async Task<PersonLink> FindLinkAsync(PersonId person) =>
        (await Gateway.Get<PersonLinks>().ListAsync(person, CancellationToken.None)).Single(link => link.Id == Canva);

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in Enumerable.Reverse(_replicas))
            await replica.DisposeAsync();
        await Server.DisposeAsync();
        await Provider.DisposeAsync();
    }
}
