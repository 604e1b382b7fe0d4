using Cortex.Backends;
using Cortex.Foundation.Model;
using Cortex.Identity.Credentials;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Identity.Callers;
using Cortex.Tests.Identity.Minting;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Cortex.Tests.Identity.Credentials;

/// <summary>How long a token that was given in exchange is used, against a real token endpoint.</summary>
internal sealed class ExchangedCredentialTests
{
    private IdentityHost _host = null!;
    private ExchangeProvider _provider = null!;
    private Caller _caller = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _host = await IdentityHost.StartAsync();
        _provider = await ExchangeProvider.StartAsync((_host.Url + "/identity", _host.Url + "/identity/.well-known/jwks.json"));
        _caller = MintingTests.Caller(_host, await _host.AddPersonAsync()) with { ExpiresAt = _host.Time.GetUtcNow().AddMinutes(10) };
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _provider.DisposeAsync();
        await _host.DisposeAsync();
    }

    [Test]
    public async Task Token_is_replaced_shortly_before_its_end_and_outlives_the_callers_own_never()
    {
        await _provider.SetLifeAsync(300);
        var backend = Backend();
        await ResolveAsync(backend);
        _host.Time.Advance(TimeSpan.FromSeconds(269));
        await ResolveAsync(backend);
        Assert.That(await _provider.CountAskedAsync(), Is.EqualTo(1));

        _host.Time.Advance(TimeSpan.FromSeconds(1));
        await ResolveAsync(backend);
        Assert.That(await _provider.CountAskedAsync(), Is.EqualTo(2), "half a minute is left");

        await _provider.SetLifeAsync(3600);
        await ResolveAsync(Backend());
        _host.Time.Advance(TimeSpan.FromMinutes(6));
        await ResolveAsync(backend);
        Assert.That(await _provider.CountAskedAsync(), Is.EqualTo(4), "the caller's own has ended");
    }

    private async Task ResolveAsync(BackendDefinition backend) =>
        await _host.Services.GetRequiredService<CredentialResolver>().ResolveAsync(_caller, backend, null, CancellationToken.None);

    private BackendDefinition Backend() => MintingTests.Backend(auth: BackendAuth.Exchange, options: new BackendOptions
    {
        Exchange = new ExchangeOptions { TokenEndpoint = _provider.TokenEndpoint, ClientId = "basic", ClientSecret = new Secret("a secret: of the gateway"), Resource = "https://docs.example.com" },
    });
}
