using System.Text;
using System.Text.Json;
using Cortex.Identity.AuthorizationServer.ClientDocuments;
using NUnit.Framework;

namespace Cortex.Tests.Identity.AuthorizationServer.ClientDocuments;

/// <summary>Documents that are not what they must be.</summary>
internal sealed class ClientDocumentReaderTests
{
    private const string Id = "https://client.example/c";
    private const string Start = $$"""{"client_id": "{{Id}}", "client_name": "C", "redirect_uris": ["https://client.example/cb"]""";
    private const string EcKey = """{"kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}""";

    [Test]
    public void Document_in_order_is_read_with_defaults_filled_in()
    {
        var valid = (DocumentResult.Valid)Read(Start + ", \"unknown\": {\"x\": [1]}}");

        Assert.That(valid.Document.Metadata.TokenEndpointAuthMethod, Is.EqualTo("none"));
        Assert.That(valid.Document.Metadata.GrantTypes, Is.EqualTo(new[] { "authorization_code", "refresh_token" }));
        Assert.That(valid.Document.Metadata.ApplicationType, Is.EqualTo("web"));
    }

    [Test]
    public void Keys_of_a_signing_client_are_taken_or_their_address_is()
    {
        var keys = (DocumentResult.Valid)Read(Start + """, "token_endpoint_auth_method": "private_key_jwt", "jwks": {"keys": [""" + EcKey + "]}}");
        var address = (DocumentResult.Valid)Read(Start + """, "token_endpoint_auth_method": "private_key_jwt", "jwks_uri": "https://client.example/keys"}""");

        Assert.That(JsonDocument.Parse(keys.Document.Keys!).RootElement.GetProperty("keys").GetArrayLength(), Is.EqualTo(1));
        Assert.That(address.Document.KeysAddress, Is.EqualTo(new Uri("https://client.example/keys")));
    }

    private static IEnumerable<TestCaseData> Refused()
    {
        const string signed = Start + """, "token_endpoint_auth_method": "private_key_jwt" """;
        yield return Case("Not_json", "<html>");
        yield return Case("Nothing", "");
        yield return Case("Null", "null");
        yield return Case("Array", "[]");
        yield return Case("Two_values", Start + "} {}");
        yield return Case("Member_twice", Start + $$""", "client_id": "{{Id}}"}""");
        yield return Case("Id_missing", """{"client_name": "C", "redirect_uris": ["https://client.example/cb"]}""");
        yield return Case("Id_of_another", Start.Replace(Id, "https://well-known.example/c", StringComparison.Ordinal) + "}");
        yield return Case("Id_in_another_spelling", Start.Replace(Id, "https://CLIENT.example/c", StringComparison.Ordinal) + "}");
        yield return Case("Id_with_a_slash_more", Start.Replace(Id, Id + "/", StringComparison.Ordinal) + "}");
        yield return Case("Name_missing", $$"""{"client_id": "{{Id}}", "redirect_uris": ["https://client.example/cb"]}""");
        yield return Case("Name_invisible", Start.Replace("\"C\"", "\"\\u200b\"", StringComparison.Ordinal) + "}");
        yield return Case("No_redirects", $$"""{"client_id": "{{Id}}", "client_name": "C"}""");
        yield return Case("Empty_redirects", $$"""{"client_id": "{{Id}}", "client_name": "C", "redirect_uris": []}""");
        yield return Case("Plain_http_redirect", Start.Replace("https://client.example/cb", "http://client.example/cb", StringComparison.Ordinal) + "}");
        yield return Case("Script_redirect", Start.Replace("https://client.example/cb", "javascript:alert(1)", StringComparison.Ordinal) + "}");
        yield return Case("Secret", Start + """, "client_secret": "s"}""");
        yield return Case("Secret_expiry", Start + """, "client_secret_expires_at": 0}""");
        yield return Case("Secret_method", Start + """, "token_endpoint_auth_method": "client_secret_basic"}""");
        yield return Case("No_keys", signed + "}");
        yield return Case("Keys_twice", signed + $$""", "jwks": {"keys": [{{EcKey}}]}, "jwks_uri": "https://client.example/keys"}""");
        yield return Case("Plain_http_keys", signed + """, "jwks_uri": "http://client.example/keys"}""");
        yield return Case("File_keys", signed + """, "jwks_uri": "file:///etc/passwd"}""");
        yield return Case("Empty_key_set", signed + """, "jwks": {"keys": []}}""");
        yield return Case("Shared_key", signed + """, "jwks": {"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}}""");
        yield return Case("Private_key", signed + """, "jwks": {"keys": [""" + EcKey[..^1] + """, "d": "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}]}}""");
        yield return Case("Keys_of_another_type", signed + """, "jwks": 7}""");

        static TestCaseData Case(string name, string json) => new TestCaseData(json).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Refused))]
    public void Document_is_refused(string json)
    {
        Assert.That(Read(json), Is.TypeOf<DocumentResult.Invalid>());
    }

    private static DocumentResult Read(string json)
    {
        Assert.That(ClientIdUrl.TryParse(Id, out var id));
        return ClientDocumentReader.Read(id, Encoding.UTF8.GetBytes(json));
    }
}
