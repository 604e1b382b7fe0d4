using System.Text.Json;
using Cortex.Identity.AuthorizationServer.Registration;
using Cortex.Identity.Callers;
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
        descriptor.Properties[ClientRegistry.OriginProperty] = JsonElement.Parse($"\"{Origin}\"");
        return descriptor;
    }

    /// <summary>True when nothing of it has to be written.</summary>
    public static bool IsSame(OpenIddictApplicationDescriptor wanted, OpenIddictApplicationDescriptor present) =>
        (wanted.ApplicationType, wanted.ClientSecret, wanted.ClientType, wanted.ConsentType, wanted.DisplayName)
        == (present.ApplicationType, present.ClientSecret, present.ClientType, present.ConsentType, present.DisplayName)
        && wanted.RedirectUris.SetEquals(present.RedirectUris)
        && wanted.Permissions.SetEquals(present.Permissions)
        && present.Properties.ContainsKey(ClientRegistry.OriginProperty);
}
