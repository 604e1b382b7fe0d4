namespace Cortex.Identity.Vault;

/// <summary>What became of a grant, as far as anyone else has to know: new tokens in the place of others are no change.</summary>
internal enum GrantChange
{
    /// <summary>Something was missed, or a replica of an older release did not say what it was.</summary>
    Unknown,

    /// <summary>The person linked the account: for the first time, anew, or for more scopes.</summary>
    Linked,

    /// <summary>It does not count any more: the person must link it anew.</summary>
    NeedsRelink,

    /// <summary>The person took it back.</summary>
    Unlinked,
}
