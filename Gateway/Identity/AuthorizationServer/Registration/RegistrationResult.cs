namespace Cortex.Identity.AuthorizationServer.Registration;

/// <summary>What became of a client's metadata.</summary>
internal abstract record RegistrationResult
{
    private RegistrationResult()
    {
    }

    /// <summary>It can be registered, in this form: defaults filled in, what this server does not offer left out.</summary>
    internal sealed record Accepted(ClientMetadata Client) : RegistrationResult;

    /// <summary>It can't be registered.</summary>
    internal sealed record Refused(string Error, string Description) : RegistrationResult;

    public static RegistrationResult InvalidRedirectUri(string description) => new Refused("invalid_redirect_uri", description);

    public static RegistrationResult InvalidMetadata(string description) => new Refused("invalid_client_metadata", description);
}
