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

    /// <summary>The caller's own token, as it came: only for a backend that shares the gateway's audience.</summary>
    Forward,
}
