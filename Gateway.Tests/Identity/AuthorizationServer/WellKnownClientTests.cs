using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Cortex.Foundation.Storage;
using Cortex.Identity.AuthorizationServer.ClientDocuments;
using NUnit.Framework;

namespace Cortex.Tests.Identity.AuthorizationServer;

/// <summary>
/// The clients of <c>docs/connect</c> as they make themselves known, by what their sources and vendors say: none is refused, and each can have its
/// answers where it listens.
/// </summary>
internal sealed class WellKnownClientTests
{
    private AuthorizationServerHost _server = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _server = await AuthorizationServerHost.StartAsync(DatabaseDialect.Sqlite);

    [OneTimeTearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    private static IEnumerable<TestCaseData> Registrations()
    {
        yield return Case("Claude", """
            {"client_name": "Claude", "redirect_uris": ["https://claude.ai/api/mcp/auth_callback"], "token_endpoint_auth_method": "none",
             "grant_types": ["authorization_code", "refresh_token"], "response_types": ["code"]}
            """, "https://claude.ai/api/mcp/auth_callback");
        yield return Case("Claude at its other host", """
            {"client_name": "Claude", "redirect_uris": ["https://claude.ai/api/mcp/auth_callback", "https://claude.com/api/mcp/auth_callback"],
             "token_endpoint_auth_method": "client_secret_post"}
            """, "https://claude.com/api/mcp/auth_callback");
        yield return Case("Claude Code", """
            {"client_name": "Claude Code", "redirect_uris": ["http://localhost:54212/callback"], "token_endpoint_auth_method": "none"}
            """, "http://localhost:54212/callback");
        yield return Case("ChatGPT by connection", """
            {"client_name": "ChatGPT", "redirect_uris": ["https://chatgpt.com/connector/oauth/Xu2b9fEw_1aB"], "token_endpoint_auth_method": "client_secret_basic",
             "grant_types": ["authorization_code", "refresh_token"]}
            """, "https://chatgpt.com/connector/oauth/Xu2b9fEw_1aB");
        yield return Case("ChatGPT", """
            {"client_name": "ChatGPT", "redirect_uris": ["https://chatgpt.com/connector_platform_oauth_redirect"], "token_endpoint_auth_method": "none"}
            """, "https://chatgpt.com/connector_platform_oauth_redirect");
        foreach (var answer in new[] { "http://127.0.0.1:33418/", "http://127.0.0.1:61001/", "https://vscode.dev/redirect", "https://insiders.vscode.dev/redirect" })
        {
            yield return Case("Visual Studio Code", """
                {"client_name": "Visual Studio Code", "client_uri": "https://code.visualstudio.com",
                 "grant_types": ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"], "response_types": ["code"],
                 "redirect_uris": ["https://insiders.vscode.dev/redirect", "https://vscode.dev/redirect", "http://127.0.0.1/", "http://127.0.0.1:33418/"],
                 "token_endpoint_auth_method": "none", "application_type": "native"}
                """, answer);
        }

        foreach (var answer in new[]
        {
            "http://localhost:8787/callback", "http://127.0.0.1:8787/callback", "https://www.cursor.com/agents/mcp/oauth/callback",
            "cursor://anysphere.cursor-mcp/oauth/callback",
        })
        {
            yield return Case("Cursor", """
                {"client_name": "Cursor", "token_endpoint_auth_method": "none",
                 "redirect_uris": ["http://localhost:8787/callback", "http://127.0.0.1:8787/callback", "https://www.cursor.com/agents/mcp/oauth/callback",
                                   "cursor://anysphere.cursor-mcp/oauth/callback"]}
                """, answer);
        }

        yield return Case("OpenClaw", """
            {"client_name": "OpenClaw MCP", "redirect_uris": ["http://127.0.0.1:8989/oauth/callback"], "grant_types": ["authorization_code", "refresh_token"],
             "response_types": ["code"], "token_endpoint_auth_method": "none"}
            """, "http://127.0.0.1:8989/oauth/callback");
        yield return Case("Hermes Agent", """
            {"client_name": "Hermes Agent", "redirect_uris": ["http://127.0.0.1:49731/callback"], "grant_types": ["authorization_code", "refresh_token"],
             "response_types": ["code"], "token_endpoint_auth_method": "none"}
            """, "http://127.0.0.1:49731/callback");
        foreach (var answer in new[] { "http://localhost:6274/oauth/callback", "http://127.0.0.1:6276/oauth/callback" })
        {
            yield return Case("MCP Inspector", $$"""
                {"client_name": "MCP Inspector", "client_uri": "https://github.com/modelcontextprotocol/inspector", "redirect_uris": ["{{answer}}"],
                 "grant_types": ["authorization_code", "refresh_token"], "response_types": ["code"], "token_endpoint_auth_method": "none", "scope": "",
                 "application_type": "native"}
                """, answer);
        }

        yield return Case("mcp-remote", """
            {"client_name": "MCP CLI Proxy", "client_uri": "https://github.com/modelcontextprotocol/mcp-cli", "redirect_uris": ["http://localhost:38271/oauth/callback"],
             "grant_types": ["authorization_code", "refresh_token"], "response_types": ["code"], "token_endpoint_auth_method": "none",
             "software_id": "2e6dc280-f3c3-4e01-99a7-8181dbd1d23d", "software_version": "0.1.38", "scope": "mcp:notes:read"}
            """, "http://localhost:38271/oauth/callback");

        static TestCaseData Case(string client, string metadata, string answer) =>
            new TestCaseData(metadata, answer).SetArgDisplayNames(client, answer);
    }

    [TestCaseSource(nameof(Registrations))]
    public async Task Client_registers_and_can_have_its_answer_where_it_listens(string metadata, string answer)
    {
        using var content = new StringContent(metadata, Encoding.UTF8, "application/json");
        using var reply = await _server.Http.PostAsync("/oauth/register", content);
        Assert.That(reply.StatusCode, Is.EqualTo(HttpStatusCode.Created), await reply.Content.ReadAsStringAsync());
        var client = new TestClient(_server.Http, _server.Url, await reply.Content.ReadFromJsonAsync<JsonElement>());

        using var page = await _server.Http.GetAsync(client.AuthorizeUrl(("redirect_uri", answer)));

        Assert.That(page.StatusCode, Is.EqualTo(HttpStatusCode.Found), await page.Content.ReadAsStringAsync());
        Assert.That(page.Headers.Location?.ToString(), Does.StartWith("/signin?"));
    }

    private static IEnumerable<TestCaseData> Documents()
    {
        yield return Case("Claude", "https://claude.ai/oauth/mcp-oauth-client-metadata", """
            "client_name": "Claude", "redirect_uris": ["https://claude.ai/api/mcp/auth_callback"], "token_endpoint_auth_method": "none",
            "grant_types": ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:jwt-bearer"], "response_types": ["code"]
            """);
        yield return Case("Claude Code", "https://claude.ai/oauth/claude-code-client-metadata", """
            "client_name": "Claude Code", "client_uri": "https://claude.ai", "redirect_uris": ["http://localhost/callback", "http://127.0.0.1/callback"],
            "grant_types": ["authorization_code", "refresh_token"], "response_types": ["code"], "token_endpoint_auth_method": "none"
            """);
        yield return Case("ChatGPT", "https://chatgpt.com/oauth/client.json", """
            "client_name": "ChatGPT", "client_uri": "https://chatgpt.com/", "redirect_uris": ["https://chatgpt.com/connector_platform_oauth_redirect"],
            "token_endpoint_auth_method": "private_key_jwt", "token_endpoint_auth_methods_supported": ["none", "private_key_jwt"],
            "token_endpoint_auth_signing_alg": "RS256", "jwks_uri": "https://chatgpt.com/oauth/jwks.json",
            "grant_types": ["authorization_code", "refresh_token"], "response_types": ["code"]
            """);
        yield return Case("Visual Studio Code", "https://vscode.dev/oauth/client-metadata.json", """
            "client_name": "Visual Studio Code", "client_uri": "https://vscode.dev/product", "application_type": "native",
            "grant_types": ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"], "response_types": ["code"],
            "token_endpoint_auth_method": "none", "redirect_uris": ["http://127.0.0.1:33418/", "https://vscode.dev/redirect"]
            """);
        yield return Case("Hermes Agent", "https://nousresearch.github.io/hermes-agent/docs/oauth/client-metadata.json", """
            "client_name": "Hermes Agent", "application_type": "native", "grant_types": ["authorization_code", "refresh_token"], "response_types": ["code"],
            "token_endpoint_auth_method": "none", "redirect_uris": [
              "http://127.0.0.1:27890/callback", "http://localhost:27890/callback", "http://127.0.0.1:27891/callback", "http://localhost:27891/callback",
              "http://127.0.0.1:27892/callback", "http://localhost:27892/callback", "http://127.0.0.1:27893/callback", "http://localhost:27893/callback",
              "http://127.0.0.1:27894/callback", "http://localhost:27894/callback"]
            """);

        static TestCaseData Case(string client, string id, string members) =>
            new TestCaseData(id, $$"""{"client_id": "{{id}}", {{members}}}""").SetArgDisplayNames(client);
    }

    [TestCaseSource(nameof(Documents))]
    public void Document_that_a_client_publishes_is_taken(string id, string json)
    {
        Assert.That(ClientIdUrl.TryParse(id, out var address));

        var result = ClientDocumentReader.Read(address, Encoding.UTF8.GetBytes(json));

        Assert.That(result, Is.TypeOf<DocumentResult.Valid>(), (result as DocumentResult.Invalid)?.Reason);
    }

    [TestCase("http://localhost:52001/callback")]
    [TestCase("http://127.0.0.1:52002/callback")]
    public async Task Program_that_names_no_port_has_its_answer_on_the_port_of_the_day(string answer)
    {
        var client = await TestClient.RegisterAsync(_server, new
        {
            client_name = "Claude Code",
            redirect_uris = new[] { "http://localhost/callback", "http://127.0.0.1/callback" },
            token_endpoint_auth_method = "none",
        });

        using var page = await _server.Http.GetAsync(client.AuthorizeUrl(("redirect_uri", answer)));

        Assert.That(page.Headers.Location?.ToString(), Does.StartWith("/signin?"), await page.Content.ReadAsStringAsync());
    }
}
