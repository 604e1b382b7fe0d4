using Cortex.Foundation.Configuration;
using Cortex.Foundation.Sealing;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;

namespace Cortex.Identity.AuthorizationServer;

/// <summary>
/// Gives OpenIddict the gateway's own persisted keys and its one issuer string. Read with the first request, thus after the keys were
/// loaded; the newest key signs, all of them are published.
/// </summary>
internal sealed class ServerKeys(SigningKeys keys, GatewayAddresses addresses) : IConfigureOptions<OpenIddictServerOptions>
{
    public void Configure(OpenIddictServerOptions options)
    {
        options.Issuer = new Uri(addresses.Issuer);
        foreach (var key in keys.All(KeyPurpose.Issuer))
            options.SigningCredentials.Add(new SigningCredentials(key.Private, SecurityAlgorithms.EcdsaSha256));
        options.EncryptionCredentials.Add(
            new EncryptingCredentials(keys.Encryption, SecurityAlgorithms.Aes256KW, SecurityAlgorithms.Aes256CbcHmacSha512));
    }
}
