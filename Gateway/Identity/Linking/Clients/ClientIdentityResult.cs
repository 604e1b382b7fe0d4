using Cortex.Identity.Vault;

namespace Cortex.Identity.Linking.Clients;

/// <summary>As which client the gateway comes to a provider.</summary>
internal abstract record ClientIdentityResult
{
    private ClientIdentityResult()
    {
    }

    /// <summary>As this one.</summary>
    public sealed record Found(GrantClient Client) : ClientIdentityResult;

    /// <summary>There is no way to come to it.</summary>
    /// <param name="Reason">One sentence for a page: what is in the way, and who mends it.</param>
    public sealed record Failed(string Reason) : ClientIdentityResult;
}
