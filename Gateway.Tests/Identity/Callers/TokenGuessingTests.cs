using System.Net;
using System.Net.Http.Headers;
using Cortex.Foundation.Model;
using Cortex.Identity.Callers;
using Cortex.Identity.Callers.PersonalTokens;
using Cortex.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Cortex.Tests.Identity.Callers;

/// <summary>Somebody who tries tokens at <c>/mcp</c>, and the people beside them.</summary>
internal sealed class TokenGuessingTests
{
    private const int Limit = 5;

    private IdentityHost _host = null!;
    private HttpClient _attacker = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _host = await IdentityHost.StartAsync(limits: $"{{ refusedTokens: {{ addressPerMinute: {Limit}, networkPerMinute: off }} }}");
        _attacker = From("127.0.0.9");
    }

    [TearDown]
    public async Task StopAsync()
    {
        _attacker.Dispose();
        await _host.DisposeAsync();
    }

    [Test]
    public async Task Attack_guessing_personal_tokens_ends_in_429_with_Retry_After()
    {
        for (var guess = 0; guess < Limit; guess++)
            Assert.That(await TryAsync(_attacker, PersonalTokenText.New()), Is.EqualTo(HttpStatusCode.Unauthorized));

        using var refused = await SendAsync(_attacker, PersonalTokenText.New());

        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(refused.Headers.RetryAfter?.Delta, Is.GreaterThan(TimeSpan.Zero));
        Assert.That(refused.Headers.WwwAuthenticate, Is.Empty);
    }

    [Test]
    public async Task Attack_that_guesses_right_once_it_is_over_the_limit_learns_nothing()
    {
        var right = await MakeTokenAsync();
        await ExhaustAsync();

        Assert.That(await TryAsync(_attacker, right), Is.EqualTo(HttpStatusCode.TooManyRequests));

        _host.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(await TryAsync(_attacker, right), Is.EqualTo(HttpStatusCode.OK), "the address is let in again");
    }

    [Test]
    public async Task People_elsewhere_and_tokens_in_use_at_the_attackers_address_go_on()
    {
        var (elsewhere, inUse) = (await MakeTokenAsync(), await MakeTokenAsync());
        await TryAsync(_attacker, inUse);
        await ExhaustAsync();

        using var other = From("127.0.0.10");
        Assert.That(await TryAsync(other, elsewhere), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await TryAsync(_attacker, inUse), Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Attack_from_many_addresses_of_a_network_is_one()
    {
        await using var host = await IdentityHost.StartAsync(limits: "{ refusedTokens: { addressPerMinute: off, networkPerMinute: 2 } }");
        var statuses = new List<HttpStatusCode>();
        for (var guess = 0; guess < 3; guess++)
        {
            using var from = From($"127.0.0.{20 + guess}", host);
            statuses.Add(await TryAsync(from, PersonalTokenText.New()));
        }

        Assert.That(statuses, Is.EqualTo(new[] { HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.TooManyRequests }));
    }

    private async Task ExhaustAsync()
    {
        for (var guess = 0; guess <= Limit; guess++)
            await TryAsync(_attacker, PersonalTokenText.New());
    }

    private async Task<string> MakeTokenAsync()
    {
        var person = await _host.AddPersonAsync();
        var (text, now) = (PersonalTokenText.New(), _host.Time.GetUtcNow());
        var token = new PersonalToken(PersonalTokenId.New(_host.Time), person.Id, Guid.NewGuid().ToString("N"), ScopeSet.ParseLenient("mcp:a"), now, now.AddDays(1), null);
        await _host.Services.GetRequiredService<PersonalTokenStore>().AddAsync(token, TokenHash.Of(text), CancellationToken.None);
        return text;
    }

    private HttpClient From(string address, IdentityHost? host = null) =>
        new(LocalAddress.Handler(IPAddress.Parse(address))) { BaseAddress = new Uri((host ?? _host).Url) };

    private static async Task<HttpStatusCode> TryAsync(HttpClient from, string token)
    {
        using var reply = await SendAsync(from, token);
        return reply.StatusCode;
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient from, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/mcp");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await from.SendAsync(request);
    }
}
