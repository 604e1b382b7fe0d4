using System.Text.Json;
using Cortex.Identity.AuthorizationServer.Registration;

namespace Cortex.Identity.AuthorizationServer.ClientDocuments;

/// <summary>
/// Reads a document: the address it lies at must be its <c>client_id</c>, it must have a name and redirect URIs, and what it asks for must be
/// something that a client may register. Pure.
/// </summary>
internal static class ClientDocumentReader
{
    private const string Signed = "private_key_jwt";

    /// <summary>The document; its age is the fetcher's to know.</summary>
    public static DocumentResult Read(ClientIdUrl id, ReadOnlySpan<byte> json)
    {
        try
        {
            var head = JsonSerializer.Deserialize(json, RegistrationJson.Default.DocumentHead);
            var metadata = JsonSerializer.Deserialize(json, RegistrationJson.Default.ClientMetadata);
            return head is null || metadata is null ? new DocumentResult.Invalid("it is not a JSON object") : Read(id, head, metadata);
        }
        catch (JsonException)
        {
            return new DocumentResult.Invalid("it is not one JSON object with members of the types in RFC 7591");
        }
    }

    private static DocumentResult Read(ClientIdUrl id, DocumentHead head, ClientMetadata metadata)
    {
        if (FindFault(id, head, metadata) is { } fault)
            return new DocumentResult.Invalid(fault);
        if (RegistrationPolicy.Decide(metadata with { TokenEndpointAuthMethod = "none" }) is not RegistrationResult.Accepted accepted)
            return new DocumentResult.Invalid("its redirect_uris, grant_types, response_types, application_type or addresses are not ones that a client may register");
        if (string.IsNullOrEmpty(accepted.Client.ClientName))
            return new DocumentResult.Invalid("client_name is missing");
        if (metadata.TokenEndpointAuthMethod != Signed)
            return new DocumentResult.Valid(new ClientDocument(accepted.Client, null, null), null);

        var client = accepted.Client with { TokenEndpointAuthMethod = Signed };
        if (head.Jwks is not { } jwks)
            return new DocumentResult.Valid(new ClientDocument(client, null, new Uri(head.JwksUri!)), null);
        var keys = jwks.GetRawText();
        return DocumentKeys.FindFault(keys) is { } problem
            ? new DocumentResult.Invalid(problem)
            : new DocumentResult.Valid(new ClientDocument(client, keys, null), null);
    }

    private static string? FindFault(ClientIdUrl id, DocumentHead head, ClientMetadata metadata)
    {
        if (head.ClientId != id.Value)
            return "its client_id is not its own address, letter by letter";
        if (head.ClientSecret is not null || head.ClientSecretExpiresAt is not null)
            return "it holds a secret, and everyone can read it";
        if (metadata.TokenEndpointAuthMethod is not (null or "none" or Signed))
            return "its token_endpoint_auth_method must be none or private_key_jwt";
        if (metadata.TokenEndpointAuthMethod != Signed)
            return null;
        if (head.Jwks is null == head.JwksUri is null)
            return "private_key_jwt needs either jwks or jwks_uri";
        return head.JwksUri is { } address && !(Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps)
            ? "its jwks_uri must be an https address"
            : null;
    }
}
