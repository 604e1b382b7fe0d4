using Cortex.Foundation.Configuration;
using Cortex.Foundation.Sealing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;

namespace Cortex.Identity.AuthorizationServer;

/// <summary>
/// Gives OpenIddict the gateway's own persisted keys and its one issuer string. Read with the first request, thus after the keys were
/// loaded, and again whenever they change; the first key signs, all of them are published.
/// </summary>
internal sealed class ServerKeys(SigningKeys keys, GatewayAddresses addresses)
    : IConfigureOptions<OpenIddictServerOptions>, IOptionsChangeTokenSource<OpenIddictServerOptions>
{
    public string Name => Options.DefaultName;

    public IChangeToken GetChangeToken() => keys.ChangeToken;

    public void Configure(OpenIddictServerOptions options)
    {
        options.Issuer = new Uri(addresses.Issuer);
        foreach (var key in keys.All(KeyPurpose.Issuer))
            options.SigningCredentials.Add(new SigningCredentials(key.Private, SecurityAlgorithms.EcdsaSha256));
        foreach (var key in keys.Encryption)
            options.EncryptionCredentials.Add(new EncryptingCredentials(key, SecurityAlgorithms.Aes256KW, SecurityAlgorithms.Aes256CbcHmacSha512));
    }
}
