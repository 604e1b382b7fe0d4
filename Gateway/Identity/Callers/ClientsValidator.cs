using System.Buffers;
using Cortex.Foundation.Configuration;
using Cortex.Foundation.Model;
using Cortex.Identity.Callers.PersonalTokens;

namespace Cortex.Identity.Callers;

/// <summary>Checks the entries of <c>identity.authorizationServer.clients</c>.</summary>
internal static class ClientsValidator
{
    private const string Path = "identity.authorizationServer.clients";
    private const int MinSecretLength = 16;

    private static readonly SearchValues<char> IdCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._");

    public static void Validate(IReadOnlyList<ClientOptions> clients, SectionValidation validation)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < clients.Count; i++)
        {
            var path = $"{Path}[{i}]";
            if (!seen.Add(clients[i].Id))
                validation.Error($"{path}.id", $"'{clients[i].Id}' is listed twice", "remove one of the two entries");
            CheckId(clients[i].Id, $"{path}.id", validation);
            CheckProof(clients[i], path, validation);
            if (AreKnown(clients[i].Grants, $"{path}.grants", validation))
            {
                CheckGrants(clients[i], path, validation);
                CheckRedirects(clients[i], path, validation);
            }

            foreach (var scope in clients[i].Scopes.Where(scope => scope.IsReserved && !AdminScopes.All.Contains(scope)))
                validation.Error($"{path}.scopes", $"'{scope}' is the gateway's own and in no client's token", $"remove it, or use one of: {string.Join(", ", AdminScopes.All)}");
        }
    }

    /// <summary>A client on its own behalf is its own subject: its id must not read like another kind of caller, nor like a client that registered itself.</summary>
    private static void CheckId(string id, string path, SectionValidation validation)
    {
        if (id is not { Length: > 0 and <= 100 } || id.AsSpan().ContainsAnyExcept(IdCharacters))
            validation.Error(path, $"'{id}' is no client id", "write up to 100 letters, digits, dots, dashes and underscores");
        else if (id == TokenClaims.GatewaySubject || id.StartsWith("c_", StringComparison.Ordinal) || id.StartsWith(PersonalTokenId.Prefix, StringComparison.Ordinal) || PersonId.TryParse(id, out _))
            validation.Error(path, $"'{id}' reads like an id of the gateway's own", "choose another, for example reporting-job");
    }

    private static void CheckProof(ClientOptions client, string path, SectionValidation validation)
    {
        var proofs = new[] { client.Secret is not null, client.Jwks is not null, client.JwksUrl is not null };
        if (proofs.Count(given => given) > 1)
            validation.Error(path, "the client has more than one way to prove itself", "keep one of secret, jwks and jwksUrl");
        if (client.Secret is { } secret && secret.Reveal().Length < MinSecretLength)
            validation.Error($"{path}.secret", $"the secret is shorter than {MinSecretLength} characters", "make one with: openssl rand -base64 32");
        if (client.Jwks is { } jwks && ClientKeySet.TryParse(jwks) is null)
            validation.Error($"{path}.jwks", "this is no JWK set of public keys for signatures", "write {\"keys\": [...]} with elliptic curve keys, or RSA keys of 2048 bits or more");
        if (client.JwksUrl is { } url)
            CheckKeysAddress(url, $"{path}.jwksUrl", validation);
    }

    private static void CheckKeysAddress(string url, string path, SectionValidation validation)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http") || address.UserInfo.Length > 0)
            validation.Error(path, $"'{url}' is not an address", "write https://host/path");
        else if (address.Scheme == "http" && !address.IsLoopback)
            validation.Error(path, $"'{url}' is plaintext to a remote host", "use https");
    }

    private static bool AreKnown(IReadOnlyList<string> grants, string path, SectionValidation validation)
    {
        for (var i = 0; i < grants.Count; i++)
        {
            if (!ClientGrants.All.Contains(grants[i]))
                validation.Error($"{path}[{i}]", $"'{grants[i]}' is no grant", $"use one of: {string.Join(", ", ClientGrants.All)}");
        }

        if (grants.Count == 0)
            validation.Error(path, "the client may do nothing", "name at least one grant, or leave the key out");
        return grants.Count > 0 && grants.All(ClientGrants.All.Contains);
    }

    private static void CheckGrants(ClientOptions client, string path, SectionValidation validation)
    {
        if (client.Grants.Contains(ClientGrants.RefreshToken) && !client.Grants.Contains(ClientGrants.AuthorizationCode))
            validation.Error($"{path}.grants", "refresh_token comes with authorization_code alone", "add authorization_code, or remove refresh_token");
        if (!client.Grants.Contains(ClientGrants.ClientCredentials))
            return;
        if (!client.IsConfidential())
            validation.Error(path, "a machine has to prove itself", "add one of secret, jwks and jwksUrl");
        if (client.Scopes.Count == 0)
            validation.Error(path, "the machine may be given nothing", "list its scopes");
    }

    private static void CheckRedirects(ClientOptions client, string path, SectionValidation validation)
    {
        var forPeople = client.Grants.Contains(ClientGrants.AuthorizationCode);
        if (forPeople && client.RedirectUris.Count == 0)
            validation.Error(path, "answers for people have nowhere to go", "add redirectUris, or set grants: [client_credentials]");
        if (!forPeople && client.RedirectUris.Count > 0)
            validation.Error($"{path}.redirectUris", "a machine has no redirect URIs", "remove them, or add authorization_code to grants");
        for (var i = 0; i < client.RedirectUris.Count; i++)
        {
            if (RedirectUriPolicy.FindFault(client.RedirectUris[i]) is { } fault)
                validation.Error($"{path}.redirectUris[{i}]", $"the redirect URI {fault}", "write https://host/path, or http://127.0.0.1/path for a program on the person's computer");
        }
    }
}
