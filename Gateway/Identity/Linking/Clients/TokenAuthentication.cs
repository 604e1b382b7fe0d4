using Cortex.Identity.Vault;

namespace Cortex.Identity.Linking.Clients;

/// <summary>The names of <c>token_endpoint_auth_method</c> (<see href="https://www.rfc-editor.org/rfc/rfc7591#section-2">RFC 7591</see>).</summary>
internal static class TokenAuthentication
{
    private const string Basic = "client_secret_basic";
    private const string Post = "client_secret_post";
    private const string Public = "none";

    /// <summary>How a client with a secret shows it to this provider; null when it can't. A provider that does not say takes the header.</summary>
    public static ClientAuthentication? OfSecret(LinkProvider provider) => provider.TokenAuthentication switch
    {
        [] => ClientAuthentication.SecretBasic,
        var offered when offered.Contains(Basic) => ClientAuthentication.SecretBasic,
        var offered when offered.Contains(Post) => ClientAuthentication.SecretPost,
        _ => null,
    };

    /// <summary>The method to register for: a secret where the provider takes one.</summary>
    public static string Wish(LinkProvider provider) => Name(OfSecret(provider) ?? ClientAuthentication.None);

    /// <summary>Reads a method; null when it is one that the gateway does not have.</summary>
    public static ClientAuthentication? Parse(string name) => name switch
    {
        Basic => ClientAuthentication.SecretBasic,
        Post => ClientAuthentication.SecretPost,
        Public => ClientAuthentication.None,
        _ => null,
    };

    private static string Name(ClientAuthentication authentication) => authentication switch
    {
        ClientAuthentication.SecretBasic => Basic,
        ClientAuthentication.SecretPost => Post,
        _ => Public,
    };
}
