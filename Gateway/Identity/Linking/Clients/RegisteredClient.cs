using System.Text.Json.Serialization;
using Cortex.Identity.Vault;

namespace Cortex.Identity.Linking.Clients;

/// <summary>A client that a provider made for the gateway.</summary>
/// <param name="ClientId">Its id.</param>
/// <param name="Secret">Its secret; null for a public client.</param>
/// <param name="Authentication">How it shows who it is.</param>
/// <param name="ExpiresAt">End of the secret in Unix milliseconds; null when it has none.</param>
internal sealed record RegisteredClient(string ClientId, string? Secret, ClientAuthentication Authentication, long? ExpiresAt)
{
    public override string ToString() => ClientId;
}

/// <summary>The JSON that is sealed.</summary>
[JsonSerializable(typeof(RegisteredClient))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class RegisteredClientJson : JsonSerializerContext;
