using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Cortex.Foundation.Model;
using Cortex.Identity.Callers;
using Cortex.Identity.Entitlements;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Cortex.Tests.Identity.Callers;

/// <summary>What a request without a good token is told, byte for byte.</summary>
internal sealed class ChallengeTests
{
    private IdentityHost _host = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _host = await IdentityHost.StartAsync("{ requiredScopes: ['mcp:base'] }");
        _host.Services.GetRequiredService<KnownScopes>().Publish(new Dictionary<BackendId, ScopeSet>
        {
            [BackendId.Parse("notes")] = ScopeSet.ParseLenient("mcp:notes:write mcp:notes:read cortex:admin offline_access"),
        });
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _host.DisposeAsync();

    [Test]
    public async Task Request_without_a_token_is_told_where_to_find_one_and_gets_no_error_code()
    {
        using var response = await _host.CallAsync(null);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(response.Headers.WwwAuthenticate.ToString(), Is.EqualTo(
            $"Bearer scope=\"mcp:notes:read mcp:notes:write\", resource_metadata=\"{_host.Url}/.well-known/oauth-protected-resource/mcp\""));
        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
        var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.That(problem.GetProperty("status").GetInt32(), Is.EqualTo(401));
        Assert.That(problem.GetProperty("detail").GetString(), Does.Contain("oauth-protected-resource/mcp"));
        Assert.That(problem.TryGetProperty("error", out _), Is.False);
    }

    [TestCase("/mcp/support", "/mcp/support")]
    [TestCase("/mcp/nowhere", "/mcp")]
    [TestCase("/mcp/%22evil", "/mcp")]
    [TestCase("/MCP", "/mcp")]
    public async Task Challenge_names_the_metadata_of_the_toolset_that_exists(string path, string metadata)
    {
        using var response = await _host.CallAsync(null, path);

        Assert.That(response.Headers.WwwAuthenticate.ToString(), Does.EndWith(
            $"resource_metadata=\"{_host.Url}/.well-known/oauth-protected-resource{metadata}\""));
    }

    [Test]
    public async Task Token_in_the_query_string_is_ignored()
    {
        using var response = await _host.CallAsync(null, "/mcp?access_token=" + await GoodTokenAsync());

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(response.Headers.WwwAuthenticate.ToString(), Does.Not.Contain("error"));
    }

    [Test]
    public async Task Two_authorization_headers_are_refused_though_both_are_good()
    {
        var token = await GoodTokenAsync();
        var response = await SendRawAsync($"Authorization: Bearer {token}\r\nAuthorization: Bearer {token}");

        Assert.That(response.Status, Is.EqualTo(400));
        Assert.That(response.Head, Does.Contain("WWW-Authenticate: Bearer error=\"invalid_request\""));
    }

    [TestCase("Basic dXNlcjpwYXNz")]
    [TestCase("Bearer")]
    [TestCase("DPoP abc")]
    public async Task Other_schemes_count_as_no_token(string header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/mcp");
        request.Headers.TryAddWithoutValidation("Authorization", header);
        using var response = await _host.Client.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(response.Headers.WwwAuthenticate.ToString(), Does.Not.Contain("error"));
    }

    [Test]
    public async Task Scheme_is_read_without_case()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/mcp");
        request.Headers.TryAddWithoutValidation("Authorization", "bearer " + await GoodTokenAsync());
        using var response = await _host.Client.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Token_without_a_required_scope_is_403_naming_what_it_holds_and_what_it_needs()
    {
        using var response = await _host.CallAsync(await _host.TokenAsync());

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(response.Headers.WwwAuthenticate.ToString(), Is.EqualTo(
            "Bearer error=\"insufficient_scope\", error_description=\"The token lacks a scope that every request needs: mcp:base.\", "
            + $"scope=\"mcp:base mcp:notes:read\", resource_metadata=\"{_host.Url}/.well-known/oauth-protected-resource/mcp\""));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("\"error\":\"insufficient_scope\""));
    }

    [Test]
    public async Task Token_for_a_toolset_opens_that_toolset_and_token_for_mcp_opens_every_toolset()
    {
        var forToolset = await _host.TokenAsync(("scope", "mcp:base"), ("aud", _host.Resource + "/support"));

        using var own = await _host.CallAsync(forToolset, "/mcp/support");
        using var whole = await _host.CallAsync(await GoodTokenAsync(), "/mcp/support");
        using var other = await _host.CallAsync(forToolset);

        Assert.That(own.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(whole.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(other.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [TestCase(Era.Legacy, "a b")]
    [TestCase(Era.Modern, "b")]
    public void Insufficient_scope_repeats_what_is_held_for_legacy_clients_only(Era era, string scopes)
    {
        var challenge = BearerChallenge.InsufficientScope(
            ScopeSet.ParseLenient("b"), ScopeSet.ParseLenient("a"), era, "Needs b.", "https://gateway/metadata");

        Assert.That(challenge.Status, Is.EqualTo(403));
        Assert.That(challenge.HeaderValue, Is.EqualTo(
            $"Bearer error=\"insufficient_scope\", error_description=\"Needs b.\", scope=\"{scopes}\", resource_metadata=\"https://gateway/metadata\""));
    }

    [Test]
    public void Description_can_neither_end_the_header_nor_add_a_parameter()
    {
        var challenge = BearerChallenge.InvalidToken("a\", realm=\"evil\\\r\nSet-Cookie: x=y é", ScopeSet.Empty, "https://gateway/metadata");

        Assert.That(challenge.HeaderValue, Is.EqualTo(
            "Bearer error=\"invalid_token\", error_description=\"a', realm='evilSet-Cookie: x=y \", resource_metadata=\"https://gateway/metadata\""));
    }

    private Task<string> GoodTokenAsync() => _host.TokenAsync(("scope", "mcp:base"));

    // HttpClient folds a repeated header into one line, so this one is written by hand.
    private async Task<RawResponse> SendRawAsync(string headers)
    {
        using var socket = new TcpClient();
        var address = new Uri(_host.Url);
        await socket.ConnectAsync(address.Host, address.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET /mcp HTTP/1.1\r\nHost: {address.Authority}\r\nConnection: close\r\n{headers}\r\n\r\n"));
        using var reader = new StreamReader(stream);
        var text = await reader.ReadToEndAsync();
        return new RawResponse(int.Parse(text.Split(' ')[1], CultureInfo.InvariantCulture), text.Split("\r\n\r\n")[0]);
    }

    private sealed record RawResponse(int Status, string Head);
}
