using System.Net;
using System.Text.Json;
using Cortex.Foundation.Sealing;
using Cortex.Foundation.Storage;
using Cortex.Identity.Callers;
using Cortex.Tests.Foundation.Sealing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using NUnit.Framework;

namespace Cortex.Tests.Identity.AuthorizationServer;

/// <summary>A rotation of the keys while clients hold codes and tokens.</summary>
internal sealed class ServerKeyRotationTests
{
    private AuthorizationServerHost _server = null!;

    [SetUp]
    public async Task StartAsync() =>
        _server = await AuthorizationServerHost.StartAsync(DatabaseDialect.Sqlite, "identity: { keys: { announcement: 5m } }");

    [TearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    [Test]
    public async Task What_the_old_key_signed_counts_on_when_the_new_one_takes_over()
    {
        var client = await TestClient.RegisterAsync(_server);
        var rotation = _server.Services.GetRequiredService<KeyRotation>();
        var first = (await PublishedAsync()).Single();
        await rotation.RotateAllAsync();
        var announced = await PublishedAsync();
        Assert.That(announced, Has.Count.EqualTo(2).And.Contains(first));

        _server.Time.Advance(TimeSpan.FromMinutes(4.5));
        var before = await client.GetTokensAsync();
        var code = await client.GetCodeAsync();
        Assert.That(KeyOf(before), Is.EqualTo(first));
        _server.Time.Advance(TimeSpan.FromMinutes(0.5));
        await rotation.RunAsync(CancellationToken.None);

        var after = await client.ExchangeAsync(code);
        var refreshed = await client.RefreshAsync(before.RefreshToken);
        Assert.That((after.Status, refreshed.Status), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK)));
        Assert.That(new[] { KeyOf(after), KeyOf(refreshed) }, Is.All.EqualTo(announced.Single(key => key != first)));
        Assert.That(await IsAcceptedAsync(before.AccessToken), Is.True);
        Assert.That(await IsAcceptedAsync(after.AccessToken), Is.True);
    }

    [Test]
    public async Task Old_key_is_published_no_more_when_all_it_signed_has_ended()
    {
        var rotation = _server.Services.GetRequiredService<KeyRotation>();
        var first = (await PublishedAsync()).Single();
        await rotation.RotateAllAsync();
        _server.Time.Advance(TimeSpan.FromDays(15) + TimeSpan.FromMinutes(5));

        await rotation.RunAsync(CancellationToken.None);

        Assert.That(await PublishedAsync(), Has.Count.EqualTo(1).And.Not.Contains(first));
    }

    private static string KeyOf(TokenReply reply) => new JsonWebToken(reply.AccessToken).Kid;

    private async Task<IReadOnlyList<string>> PublishedAsync()
    {
        using var document = JsonDocument.Parse(await _server.Http.GetStringAsync("/.well-known/jwks.json"));
        return [.. document.RootElement.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("kid").GetString()!)];
    }

    private async Task<bool> IsAcceptedAsync(string token) => await _server.Services.GetRequiredService<TokenValidator>()
        .ValidateAsync(token, _server.Services.GetRequiredService<ProtectedResources>().Mcp, CancellationToken.None) is TokenVerdict.Valid;
}
