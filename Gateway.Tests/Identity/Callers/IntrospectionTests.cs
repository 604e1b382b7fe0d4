using System.Net;
using System.Text;
using System.Text.Json;
using Cortex.Identity.Callers.Issuers;
using NUnit.Framework;

namespace Cortex.Tests.Identity.Callers;

/// <summary>Issuers that are asked whether a token counts.</summary>
internal sealed class IntrospectionTests
{
    private const string Opaque = "opaque-token-1";

    [Test]
    public async Task Opaque_token_counts_as_its_issuer_says_and_is_asked_for_once_by_many()
    {
        using var issuer = new TestIssuer();
        await using var host = await IdentityHost.StartAsync(Asking(issuer, opaque: true));
        issuer.Introspect(Active(host, issuer));

        var callers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => host.WhoAmIAsync(Opaque)));

        Assert.That(callers.Select(caller => caller.GetProperty("person").GetString()).Distinct().ToArray(), Has.Length.EqualTo(1).And.All.StartsWith("p_"));
        Assert.That(callers[0].GetProperty("scopes").GetString(), Is.EqualTo("mcp:notes:read"));
        Assert.That(callers[0].GetProperty("client").GetString(), Is.EqualTo("agent"));
        Assert.That(issuer.Introspections, Is.EqualTo(1));
        var asked = issuer.LastIntrospection;
        Assert.That(asked.Form, Is.EqualTo($"token={Opaque}&token_type_hint=access_token"));
        Assert.That(Encoding.UTF8.GetString(Convert.FromBase64String(asked.Authorization!["Basic ".Length..])), Does.StartWith("cortex:"));
    }

    [Test]
    public async Task Token_that_the_issuer_ended_stops_when_the_answer_is_old([Values] bool opaque)
    {
        using var issuer = new TestIssuer().WithOpenIdConfiguration();
        await using var host = await IdentityHost.StartAsync(Asking(issuer, opaque));
        issuer.Introspect(Active(host, issuer));
        var token = opaque ? Opaque : issuer.Token(host);
        await host.WhoAmIAsync(token);
        issuer.Introspect("""{"active":false}""");

        using var meanwhile = await host.CallAsync(token);
        host.Time.Advance(TimeSpan.FromSeconds(31));
        using var ended = await host.CallAsync(token);
        using var again = await host.CallAsync(token);

        Assert.That(meanwhile.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(ended.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(ended.Headers.WwwAuthenticate.ToString(), Does.Contain("counts no longer"));
        Assert.That(again.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(issuer.Introspections, Is.EqualTo(2), "what does not count is not asked for each time");
    }

    [TestCase("{}", 200)]
    [TestCase("[]", 200)]
    [TestCase("no json", 200)]
    [TestCase("{\"active\":true,\"exp\":\"soon\"}", 200)]
    [TestCase("{\"active\":true}", 401)]
    [TestCase("{\"active\":true}", 500)]
    public async Task Issuer_that_gives_no_answer_is_503_and_nothing_is_believed(string body, int status)
    {
        using var issuer = new TestIssuer().WithOpenIdConfiguration();
        issuer.Introspect(body, status);
        await using var host = await IdentityHost.StartAsync(Asking(issuer, opaque: true));

        using var opaque = await host.CallAsync(Opaque);
        using var signed = await host.CallAsync(issuer.Token(host));

        Assert.That(new[] { opaque.StatusCode, signed.StatusCode }, Is.All.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(opaque.Headers.RetryAfter, Is.Not.Null);
    }

    [Test]
    public async Task Answer_for_another_issuer_audience_or_time_is_refused()
    {
        using var issuer = new TestIssuer();
        await using var host = await IdentityHost.StartAsync(Asking(issuer, opaque: true));
        (string, object?)[][] forgeries = [[("iss", "https://victim.example")], [("iss", host.Url + "/")], [("aud", "https://other.example")], [("aud", null)], [("exp", 1)], [("exp", null)], [("sub", null)]];

        for (var i = 0; i < forgeries.Length; i++)
        {
            issuer.Introspect(Active(host, issuer, forgeries[i]));
            using var response = await host.CallAsync($"{Opaque}-{i}");
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized), forgeries[i][0].ToString());
        }
    }

    [Test]
    public async Task Signed_token_is_not_sent_to_the_issuer_of_opaque_ones()
    {
        using var asked = new TestIssuer();
        using var other = new TestIssuer().WithOpenIdConfiguration();
        asked.Introspect("""{"active":true,"sub":"boss"}""");
        await using var host = await IdentityHost.StartAsync(
            $"{{ issuers: [{Entry(asked, opaque: true)}, {{ issuer: '{other.Issuer}' }}] }}");

        await host.WhoAmIAsync(other.Token(host));
        using var forged = await host.CallAsync(other.Token(host)[..^4] + "AAAA");

        Assert.That(forged.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(asked.Introspections, Is.Zero);
    }

    [Test]
    public async Task Token_with_a_wrong_signature_is_refused_unasked()
    {
        using var issuer = new TestIssuer().WithOpenIdConfiguration();
        await using var host = await IdentityHost.StartAsync(Asking(issuer, opaque: true));

        using var forged = await host.CallAsync(issuer.Token(host)[..^4] + "AAAA");

        Assert.That(forged.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(issuer.Introspections, Is.Zero);
    }

    [Test]
    public async Task Token_that_does_not_count_is_asked_for_again_after_a_while()
    {
        using var issuer = new TestIssuer();
        await using var host = await IdentityHost.StartAsync(Asking(issuer, opaque: true));
        issuer.Introspect("""{"active":false}""");
        using var early = await host.CallAsync(Opaque);

        issuer.Introspect(Active(host, issuer));
        host.Time.Advance(TokenIntrospection.RememberInactive);
        using var later = await host.CallAsync(Opaque);

        Assert.That(early.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(later.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    private static string Asking(TestIssuer issuer, bool opaque) => $"{{ issuers: [{Entry(issuer, opaque)}] }}";

    private static string Entry(TestIssuer issuer, bool opaque) =>
        $"{{ issuer: '{issuer.Issuer}', introspection: {{ url: '{issuer.IntrospectionUrl}', clientId: cortex, clientSecret: '${{env:TEST_SECRET}}', opaqueTokens: {(opaque ? "true" : "false")} }} }}";

    private static string Active(IdentityHost host, TestIssuer issuer, params (string Name, object? Value)[] changes) =>
        JsonSerializer.Serialize(TestJwt.Payload(host.Time, issuer.Issuer, host.Resource, "sam", [("active", true), .. changes]));
}
