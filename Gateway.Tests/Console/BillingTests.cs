using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Cortex.Foundation.Model;
using Cortex.Foundation.Storage;
using Cortex.Identity.Callers;
using Cortex.Identity.Entitlements;
using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Console;

/// <summary>The billing webhook at two replicas on one store.</summary>
internal sealed class BillingTests
{
    private static readonly byte[] Old = RandomNumberGenerator.GetBytes(32);
    private static readonly byte[] New = RandomNumberGenerator.GetBytes(32);

    private string _folder = null!;
    private TestStorage _storage = null!;
    private GatewayHost _first = null!;
    private GatewayHost _second = null!;
    private HttpClient _http = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _folder = Directory.CreateTempSubdirectory("cortex-billing-").FullName;
        await File.WriteAllTextAsync(Path.Combine(_folder, "old"), $"whsec_{Convert.ToBase64String(Old)}");
        await File.WriteAllTextAsync(Path.Combine(_folder, "new"), $"whsec_{Convert.ToBase64String(New)}");
        _storage = await TestStorage.CreateAsync(DatabaseDialect.PostgreSql);
        var yaml = $$"""
            identity:
              plans: { free: ['mcp:notes:read'], pro: ['mcp:notes:*'] }
              defaultPlan: free
              billing: { secrets: ["${file:{{_folder}}/new}", "${file:{{_folder}}/old}"] }
            """;
        _first = await GatewayHost.StartAsync(yaml, _storage);
        _second = await GatewayHost.StartAsync(yaml, _storage, publicUrl: _first.Url);
        _http = new HttpClient();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _http.Dispose();
        await _second.DisposeAsync();
        await _first.DisposeAsync();
        await _storage.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task Event_gives_the_plan_whoever_is_named_and_by_either_secret([Values("id", "subject", "email")] string how, [Values] bool old)
    {
        var name = $"named-{how}-{old}";
        var person = await AddPersonAsync(name);
        var who = how switch
        {
            "id" => $$"""{"id":"{{person.Id}}"}""",
            "subject" => $$"""{"issuer":"https://issuer.example","subject":"{{name}}"}""",
            _ => $$"""{"email":"{{name.ToUpperInvariant()}}@example.com"}""",
        };

        var reply = await SendAsync(Event(who, "pro"), key: old ? Old : New);

        Assert.That((reply, await PlanAsync(person)), Is.EqualTo((HttpStatusCode.OK, "pro")));
    }

    [Test]
    public async Task Sixteen_deliveries_of_one_event_at_two_replicas_take_effect_once()
    {
        var person = await AddPersonAsync("repeated");
        var body = Event($$"""{"id":"{{person.Id}}"}""", "pro");

        var replies = await Task.WhenAll(Enumerable.Range(0, 16).Select(n => SendAsync(body, "evt_repeated", at: n % 2 == 0 ? _first : _second)));
        await _first.Get<PersonPlans>().SetAsync(new PlanDecision(person.Id, "free", "test", DateTimeOffset.UtcNow.AddMinutes(-1)), CancellationToken.None);
        var operators = await _first.Get<PersonPlans>().SetAsync(new PlanDecision(person.Id, "free", "test", null), CancellationToken.None);
        var late = await SendAsync(body, "evt_repeated", at: _second);

        Assert.That(replies, Is.All.EqualTo(HttpStatusCode.OK));
        Assert.That(operators, Is.EqualTo(new PlanResult.Applied("pro")));
        Assert.That((late, await PlanAsync(person)), Is.EqualTo((HttpStatusCode.OK, "free")), "a repeated event has no second effect");
    }

    [Test]
    public async Task Events_out_of_order_leave_the_later_one_standing()
    {
        var person = await AddPersonAsync("unordered");
        var who = $$"""{"id":"{{person.Id}}"}""";

        var newer = await SendAsync(Event(who, "pro", DateTimeOffset.UtcNow.AddMinutes(-1)));
        var older = await SendAsync(Event(who, "free", DateTimeOffset.UtcNow.AddMinutes(-3)));

        Assert.That((newer, older, await PlanAsync(person)), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK, "pro")));
    }

    [Test]
    public async Task Event_about_somebody_unknown_is_422_and_takes_effect_when_it_is_sent_again()
    {
        var body = Event("""{"issuer":"https://issuer.example","subject":"early"}""", "pro");

        var early = await SendAsync(body, "evt_early");
        var person = await AddPersonAsync("early");
        var again = await SendAsync(body, "evt_early");

        Assert.That((early, again, await PlanAsync(person)), Is.EqualTo((HttpStatusCode.UnprocessableEntity, HttpStatusCode.OK, "pro")));
    }

    [TestCase("""{"type":"plan.changed","data":{"person":{"email":"unverified@example.com"},"plan":"pro"}}""", HttpStatusCode.UnprocessableEntity)]
    [TestCase("""{"type":"plan.changed","data":{"person":{"email":"plain@example.com"},"plan":"gold"}}""", HttpStatusCode.UnprocessableEntity)]
    [TestCase("""{"type":"plan.changed","data":{"plan":"pro"}}""", HttpStatusCode.UnprocessableEntity)]
    [TestCase("""{"type":"plan.changed","data":{"person":{"email":"plain@example.com"},"plan":"pro","effectiveAt":"2999-01-01T00:00:00Z"}}""", HttpStatusCode.UnprocessableEntity)]
    [TestCase("""{"type":"plan.changed","data":7}""", HttpStatusCode.BadRequest)]
    [TestCase("not json", HttpStatusCode.BadRequest)]
    [TestCase("""{"type":"invoice.paid","data":{}}""", HttpStatusCode.OK)]
    public async Task Signed_event_is_judged_by_what_it_says(string body, HttpStatusCode expected)
    {
        await AddPersonAsync("unverified", verified: false);
        await AddPersonAsync("plain");

        Assert.That(await SendAsync(body), Is.EqualTo(expected));
    }

    [Test]
    public async Task Attack_forged_signature_changed_body_or_stale_timestamp_is_401()
    {
        var person = await AddPersonAsync("attacked");
        var body = Event($$"""{"id":"{{person.Id}}"}""", "pro");
        var forged = await SendAsync(body, key: RandomNumberGenerator.GetBytes(32));
        var changed = await SendAsync(body, sent: body.Replace("pro", "free", StringComparison.Ordinal));
        var stale = await SendAsync(body, age: TimeSpan.FromMinutes(6));
        var early = await SendAsync(body, age: TimeSpan.FromMinutes(-6));
        var unsigned = await SendAsync(body, key: []);

        Assert.That(new[] { forged, changed, stale, early, unsigned }, Is.All.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await PlanAsync(person), Is.Null);
    }

    [Test]
    public async Task Endless_body_is_413() => Assert.That(await SendAsync(new string(' ', 70_000)), Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));

    [Test]
    public async Task Attack_flood_of_forged_events_is_429_and_says_when_to_come_again()
    {
        await using var gateway = await GatewayHost.StartAsync($$$"""
            identity: { billing: { secrets: ["${file:{{{_folder}}}/new}"] } }
            limits: { billingEvents: { addressPerMinute: 2 } }
            """);
        var replies = new List<HttpStatusCode>();
        for (var n = 0; n < 3; n++)
            replies.Add(await SendAsync("{}", key: RandomNumberGenerator.GetBytes(32), at: gateway));

        Assert.That(replies, Is.EqualTo(new[] { HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.TooManyRequests }));
        using var again = await _http.PostAsync($"{gateway.ListensAt}/api/billing/events", new StringContent("{}", Encoding.UTF8, "application/json"));
        Assert.That(again.Headers.RetryAfter?.Delta, Is.GreaterThan(TimeSpan.Zero));
    }

    private static string Event(string who, string plan, DateTimeOffset? at = null) =>
        $$$"""{"type":"plan.changed","timestamp":"{{{at ?? DateTimeOffset.UtcNow:O}}}","data":{"person":{{{who}}},"plan":"{{{plan}}}"}}""";

    private async Task<HttpStatusCode> SendAsync(string body, string? id = null, byte[]? key = null, GatewayHost? at = null, TimeSpan age = default, string? sent = null)
    {
        id ??= $"evt_{Guid.NewGuid():N}";
        var timestamp = (DateTimeOffset.UtcNow - age).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{(at ?? _first).ListensAt}/api/billing/events")
        {
            Content = new StringContent(sent ?? body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp);
        var signature = Convert.ToBase64String(HMACSHA256.HashData(key ?? New, Encoding.UTF8.GetBytes($"{id}.{timestamp}.{body}")));
        if (key is not [])
            request.Headers.Add("webhook-signature", $"v1,{Convert.ToBase64String(new byte[32])} v1,{signature}");
        using var reply = await _http.SendAsync(request);
        return reply.StatusCode;
    }

    private Task<Person> AddPersonAsync(string name, bool verified = true) => _first.Get<PersonStore>().EnsureAsync(
        "https://issuer.example", name, new PersonClaims($"{name.ToLowerInvariant()}@example.com", verified, null, null, null), CancellationToken.None);

    private async Task<string?> PlanAsync(Person person) => (await _second.Get<PersonRecords>().FindAsync(person.Id, CancellationToken.None))?.Plan;
}
