using Cortex.Foundation.Model;

namespace Cortex.Identity.Vault;

/// <summary>What the vault has for a person at a backend.</summary>
internal abstract record VaultResult
{
    private VaultResult()
    {
    }

    /// <summary>A token that counts, as far as the vault knows.</summary>
    /// <param name="AccessToken">Goes to that one backend and nowhere else.</param>
    /// <param name="LinkId">The act of linking that it came of.</param>
    /// <param name="Resource">The server that it was granted for; null when it is not known.</param>
    public sealed record Granted(Secret AccessToken, string LinkId, string? Resource) : VaultResult
    {
        internal static Granted Of(Grant grant, GrantRow row) => new(new Secret(grant.AccessToken), row.LinkId, grant.Client.Resource);
    }

    /// <summary>The person must link their account, for the first time or anew.</summary>
    /// <param name="IsAgain">True when there was a grant that does not count any more.</param>
    public sealed record LinkNeeded(bool IsAgain) : VaultResult;

    /// <summary>There is a grant, but it can't be used now; linking anew would not help.</summary>
    /// <param name="Reason">One sentence for the agent.</param>
    public sealed record Unavailable(string Reason) : VaultResult;
}
