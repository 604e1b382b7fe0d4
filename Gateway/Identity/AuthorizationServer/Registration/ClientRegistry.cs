using System.Security.Cryptography;
using System.Text.Json;
using Cortex.Identity.Callers;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Cortex.Identity.AuthorizationServer.Registration;

/// <summary>The clients that registered themselves: OpenIddict's applications, each with the metadata it came with.</summary>
internal sealed class ClientRegistry(IOpenIddictApplicationManager clients, ClientUses uses, TimeProvider time)
{
    /// <summary>Property of an application that holds <see cref="ClientMetadata"/> as registered.</summary>
    public const string MetadataProperty = "cortex_metadata";

    /// <summary>Property that tells where a client comes from: <c>dynamic</c> for RFC 7591, <c>document</c> for a metadata document.</summary>
    public const string OriginProperty = "cortex_origin";

    private const string RegisteredAtProperty = "cortex_registered_at";

    /// <summary>Stores a client under a new id.</summary>
    public async Task<RegisteredClient> AddAsync(ClientMetadata client, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var secret = client.TokenEndpointAuthMethod == "none" ? null : Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var clientId = "c_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        await uses.AddAsync(clientId, cancellationToken);
        await clients.CreateAsync(Describe(client, clientId, secret, now), cancellationToken);
        return ToReply(client, clientId, secret, now);
    }

    /// <summary>The metadata of a client; null when it was not registered with any.</summary>
    public async ValueTask<ClientMetadata?> FindMetadataAsync(object application, CancellationToken cancellationToken)
    {
        var properties = await clients.GetPropertiesAsync(application, cancellationToken);
        return properties.TryGetValue(MetadataProperty, out var metadata) ? metadata.Deserialize(RegistrationJson.Default.ClientMetadata) : null;
    }

    /// <summary>What every client has that is described by metadata: no secret yet, and nothing of where it comes from.</summary>
    public static OpenIddictApplicationDescriptor Describe(string clientId, ClientMetadata client)
    {
        var descriptor = new OpenIddictApplicationDescriptor
        {
            ApplicationType = client.ApplicationType,
            ClientId = clientId,
            ClientType = ClientTypes.Public,
            ConsentType = ConsentTypes.Explicit,
            DisplayName = client.ClientName,
        };
        descriptor.RedirectUris.UnionWith(client.RedirectUris!.SelectMany(uri => RedirectUriPolicy.ToStore(new Uri(uri))));
        descriptor.Permissions.UnionWith(client.GrantTypes!.Select(grant => Permissions.Prefixes.GrantType + grant));
        descriptor.Permissions.Add(Permissions.ResponseTypes.Code);
        descriptor.Properties[MetadataProperty] = JsonSerializer.SerializeToElement(client, RegistrationJson.Default.ClientMetadata);
        return descriptor;
    }

    private static OpenIddictApplicationDescriptor Describe(ClientMetadata client, string clientId, string? secret, long now)
    {
        var descriptor = Describe(clientId, client);
        descriptor.ClientSecret = secret;
        descriptor.ClientType = secret is null ? ClientTypes.Public : ClientTypes.Confidential;
        descriptor.Properties[OriginProperty] = JsonElement.Parse("\"dynamic\"");
        descriptor.Properties[RegisteredAtProperty] = JsonElement.Parse(now.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return descriptor;
    }

    private static RegisteredClient ToReply(ClientMetadata client, string clientId, string? secret, long now) => new()
    {
        ClientId = clientId,
        ClientIdIssuedAt = now,
        ClientSecret = secret,
        ClientSecretExpiresAt = secret is null ? null : 0,
        RedirectUris = client.RedirectUris!,
        ClientName = client.ClientName,
        ClientUri = client.ClientUri,
        LogoUri = client.LogoUri,
        TosUri = client.TosUri,
        PolicyUri = client.PolicyUri,
        TokenEndpointAuthMethod = client.TokenEndpointAuthMethod!,
        GrantTypes = client.GrantTypes!,
        ResponseTypes = client.ResponseTypes!,
        ApplicationType = client.ApplicationType!,
        Scope = client.Scope,
        Contacts = client.Contacts,
        SoftwareId = client.SoftwareId,
        SoftwareVersion = client.SoftwareVersion,
    };
}
