namespace Cortex.Identity.Vault;

/// <summary>How a grant stands. The names, in snake_case, are those of the table.</summary>
internal enum GrantState
{
    /// <summary>It can be used.</summary>
    Linked,

    /// <summary>The provider refuses it, or its tokens are lost: the person must link again.</summary>
    NeedsRelink,

    /// <summary>The person took it back.</summary>
    Unlinked,
}
