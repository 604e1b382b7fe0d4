using System.Security.Cryptography;
using System.Text.Json;
using Cortex.Identity.AuthorizationServer.Registration;
using Cortex.Identity.Callers;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Cortex.Identity.AuthorizationServer.Clients;

/// <summary>A configured client in OpenIddict's form. Its keys stay in the configuration.</summary>
internal static class ConfiguredClientDescriptor
{
    /// <summary>Value of <see cref="ClientRegistry.OriginProperty"/>.</summary>
    public const string Origin = "configured";

    public static OpenIddictApplicationDescriptor Of(ClientOptions client)
    {
        var descriptor = new OpenIddictApplicationDescriptor
        {
            ApplicationType = client.RedirectUris.Any(uri => RedirectUriPolicy.IsNative(new Uri(uri))) ? ApplicationTypes.Native : ApplicationTypes.Web,
            ClientId = client.Id,
            ClientSecret = client.Secret?.Reveal(),
            ClientType = client.IsConfidential() ? ClientTypes.Confidential : ClientTypes.Public,
            ConsentType = ConsentTypes.Explicit,
            DisplayName = client.Name ?? client.Id,
        };
        descriptor.RedirectUris.UnionWith(client.RedirectUris.SelectMany(uri => RedirectUriPolicy.ToStore(new Uri(uri))));
        descriptor.Permissions.UnionWith(client.Grants.Select(grant => Permissions.Prefixes.GrantType + grant));
        if (client.Grants.Contains(ClientGrants.AuthorizationCode))
            descriptor.Permissions.Add(Permissions.ResponseTypes.Code);
        if (client.IsConfidential() && client.Secret is null)
            descriptor.JsonWebKeySet = NobodysKeys();
        descriptor.Properties[ClientRegistry.OriginProperty] = JsonElement.Parse($"\"{Origin}\"");
        return descriptor;
    }

    /// <summary>OpenIddict stores no client that could not prove itself: a public key whose other half nobody has stands for the keys in the configuration.</summary>
    private static JsonWebKeySet NobodysKeys()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new JsonWebKeySet
        {
            Keys =
            {
                new JsonWebKey
                {
                    Kty = JsonWebAlgorithmsKeyTypes.EllipticCurve,
                    Crv = JsonWebKeyECTypes.P256,
                    Use = JsonWebKeyUseNames.Sig,
                    X = Base64UrlEncoder.Encode(point.X),
                    Y = Base64UrlEncoder.Encode(point.Y),
                },
            },
        };
    }

    /// <summary>True when nothing of it has to be written.</summary>
    public static bool IsSame(OpenIddictApplicationDescriptor wanted, OpenIddictApplicationDescriptor present) =>
        (wanted.ApplicationType, wanted.ClientSecret, wanted.ClientType, wanted.ConsentType, wanted.DisplayName)
        == (present.ApplicationType, present.ClientSecret, present.ClientType, present.ConsentType, present.DisplayName)
        && wanted.JsonWebKeySet is null == present.JsonWebKeySet is null
        && wanted.RedirectUris.SetEquals(present.RedirectUris)
        && wanted.Permissions.SetEquals(present.Permissions)
        && present.Properties.ContainsKey(ClientRegistry.OriginProperty);
}
