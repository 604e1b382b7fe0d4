using System.Net;
using Cortex.Foundation.Model;
using Cortex.Identity.Callers;
using Cortex.Identity.Callers.PersonalTokens;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Cortex.Tests.Identity.Callers;

/// <summary>Personal access tokens at the door, under a clock that the test moves.</summary>
internal sealed class PersonalTokenTests
{
    private IdentityHost _host = null!;

    [SetUp]
    public async Task StartAsync() => _host = await IdentityHost.StartAsync("{ plans: { small: [mcp:a] }, defaultPlan: small }");

    [TearDown]
    public async Task StopAsync() => await _host.DisposeAsync();

    [Test]
    public async Task Caller_is_the_person_by_the_token_within_the_plan()
    {
        var (token, text) = await AddAsync("mcp:a mcp:b cortex:admin");

        var caller = await _host.WhoAmIAsync(text);

        Assert.That(caller.GetProperty("person").GetString(), Is.EqualTo(token.PersonId.Value));
        Assert.That(caller.GetProperty("client").GetString(), Is.EqualTo(token.Id.Value));
        Assert.That(caller.GetProperty("scopes").GetString(), Is.EqualTo("mcp:a"));
    }

    [Test]
    public async Task Token_counts_for_toolsets_as_well()
    {
        var (_, text) = await AddAsync("mcp:a");

        using var reply = await _host.CallAsync(text, "/mcp/support");

        Assert.That(reply.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Token_ends_to_the_second_although_it_is_cached()
    {
        var (_, text) = await AddAsync("mcp:a");
        _host.Time.Advance(TimeSpan.FromDays(1) - TimeSpan.FromSeconds(1));
        using var before = await _host.CallAsync(text);
        _host.Time.Advance(TimeSpan.FromSeconds(1));

        using var after = await _host.CallAsync(text);

        Assert.That((before.StatusCode, after.StatusCode), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.Unauthorized)));
        Assert.That(after.Headers.WwwAuthenticate.ToString(), Does.Contain("invalid_token").And.Contain("ended"));
    }

    [Test]
    public async Task Token_that_left_the_record_stops_even_where_nobody_was_told()
    {
        var (token, text) = await AddAsync("mcp:a");
        await _host.WhoAmIAsync(text);
        await Store.RemoveAsync(token.PersonId, token.Id, CancellationToken.None);
        _host.Time.Advance(TimeSpan.FromMinutes(10));

        using var reply = await _host.CallAsync(text);

        Assert.That(reply.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [TestCase("cortex_pat_")]
    [TestCase("cortex_pat_00")]
    [TestCase("cortex_pat_zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz")]
    public async Task Text_that_is_no_token_is_refused(string text)
    {
        using var reply = await _host.CallAsync(text);

        Assert.That(reply.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(reply.Headers.WwwAuthenticate.ToString(), Does.Contain("not copied whole"));
    }

    [Test]
    public async Task Guessed_token_with_a_right_checksum_is_refused()
    {
        await AddAsync("mcp:a");

        using var reply = await _host.CallAsync(PersonalTokenText.New());

        Assert.That(reply.Headers.WwwAuthenticate.ToString(), Does.Contain("not known here"));
    }

    [Test]
    public void Mistyped_token_does_not_fit_its_checksum()
    {
        var text = PersonalTokenText.New();

        Assert.That(PersonalTokenText.IsWhole(text));
        Assert.That(PersonalTokenText.IsWhole(text[..20] + (text[20] == '0' ? '1' : '0') + text[21..]), Is.False);
    }

    [Test]
    public async Task Tokens_count_only_while_the_embedded_server_is_on()
    {
        var (_, text) = await AddAsync("mcp:a");
        await _host.WhoAmIAsync(text);
        await using var off = await IdentityHost.StartAsync("{ authorizationServer: { enabled: false }, issuers: [{ issuer: 'https://login.example' }] }");

        using var reply = await off.CallAsync(text);

        Assert.That(reply.Headers.WwwAuthenticate.ToString(), Does.Contain("do not count here"));
    }

    [Test]
    public async Task Use_is_noted_at_most_once_a_minute()
    {
        var (token, text) = await AddAsync("mcp:a");
        await _host.WhoAmIAsync(text);
        var first = _host.Time.GetUtcNow();
        await RequireNotedAsync(token, first);
        _host.Time.Advance(TimeSpan.FromSeconds(59));
        await _host.WhoAmIAsync(text);
        _host.Time.Advance(TimeSpan.FromSeconds(1));

        await _host.WhoAmIAsync(text);

        await RequireNotedAsync(token, first + TimeSpan.FromMinutes(1));
    }

    private PersonalTokenStore Store => _host.Services.GetRequiredService<PersonalTokenStore>();

    private async Task<(PersonalToken Token, string Text)> AddAsync(string scopes)
    {
        var person = await _host.AddPersonAsync();
        var now = _host.Time.GetUtcNow();
        var text = PersonalTokenText.New();
        var token = new PersonalToken(PersonalTokenId.New(_host.Time), person.Id, "test", ScopeSet.ParseLenient(scopes), now, now + TimeSpan.FromDays(1), null);
        Assert.That(await Store.AddAsync(token, TokenHash.Of(text), CancellationToken.None), Is.EqualTo(PersonalTokenStore.AddResult.Added));
        return (token, text);
    }

    /// <summary>Waits until a use is noted, which must be the first to be noted after the last.</summary>
    private async Task RequireNotedAsync(PersonalToken token, DateTimeOffset expected)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        DateTimeOffset? noted;
        do
        {
            await Task.Delay(10, deadline.Token);
            noted = (await Store.ListAsync(token.PersonId, CancellationToken.None)).Single(known => known.Id == token.Id).LastUsedAt;
        }
        while (noted is null || noted < expected);
        Assert.That(noted, Is.EqualTo(expected));
    }
}
