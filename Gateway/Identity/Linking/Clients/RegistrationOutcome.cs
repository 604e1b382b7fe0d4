namespace Cortex.Identity.Linking.Clients;

/// <summary>What a provider's registration endpoint answered.</summary>
internal abstract record RegistrationOutcome
{
    private RegistrationOutcome()
    {
    }

    /// <summary>A client.</summary>
    public sealed record Registered(RegisteredClient Client) : RegistrationOutcome;

    /// <summary>None.</summary>
    /// <param name="Reason">One clause for a log or a page; never holds what the provider wrote, but for an error code.</param>
    public sealed record Failed(string Reason) : RegistrationOutcome;
}
