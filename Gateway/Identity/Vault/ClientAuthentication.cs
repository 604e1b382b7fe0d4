using System.Text.Json.Serialization;

namespace Cortex.Identity.Vault;

/// <summary>How the gateway shows a provider who it is (<see href="https://www.rfc-editor.org/rfc/rfc7591#section-2">RFC 7591</see>, <c>token_endpoint_auth_method</c>).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ClientAuthentication>))]
internal enum ClientAuthentication
{
    /// <summary>A public client: only its id.</summary>
    None,

    /// <summary>Id and secret in the header.</summary>
    SecretBasic,

    /// <summary>Id and secret in the form.</summary>
    SecretPost,
}
