namespace Cortex.Identity.Linking;

/// <summary>The error codes with which a provider sends the browser back.</summary>
internal static class LinkError
{
    /// <summary>What a code means to the person (<see href="https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1">RFC 6749</see>).</summary>
    public static string Describe(string code) => code switch
    {
        "access_denied" => "You, or the provider for you, said no. Nothing was linked.",
        "invalid_scope" => "The provider does not know what was asked of it. An operator of this gateway must look at the scopes that are configured.",
        "invalid_target" => "The provider gives no access to this server. An operator of this gateway must look at the backend's address.",
        "server_error" or "temporarily_unavailable" => "The provider has a problem at the moment. Try again later.",
        "invalid_request" or "unauthorized_client" or "unsupported_response_type" =>
            "The provider does not let this gateway in. An operator must look at how the gateway is registered there.",
        _ => "The provider refused.",
    };
}
