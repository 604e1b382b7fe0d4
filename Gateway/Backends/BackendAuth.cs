namespace Cortex.Backends;

/// <summary>What goes out in place of the caller's token.</summary>
internal enum BackendAuth
{
    /// <summary>A short-lived JWT minted for this person and this backend.</summary>
    UserToken,

    /// <summary>Nothing: the backend is open to the gateway.</summary>
    None,

    /// <summary>A configured secret header, shared by all callers.</summary>
    Static,

    /// <summary>The person's own account at a third-party MCP server, linked once and kept in the vault.</summary>
    LinkedAccount,

    /// <summary>A token that a configured token endpoint gives in exchange for who calls (RFC 8693).</summary>
    Exchange,

    /// <summary>The caller's own token, as it came: only for a backend that shares the gateway's audience.</summary>
    Forward,
}
