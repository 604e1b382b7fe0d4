using Cortex.Foundation.Model;

namespace Cortex.Foundation.Sealing;

/// <summary>The root key <c>vault:</c>: the keys that seal what others must not read.</summary>
internal sealed class VaultOptions
{
    /// <summary>
    /// The key ring: the first key seals, all of them open. To rotate, put a new key last at every replica, then in front, and keep the old ones until everything is sealed anew, which the log says.
    /// Empty: they are in the key file, where a key is made when there is none.
    /// </summary>
    public IReadOnlyList<VaultKeyOptions> Keys { get; init; } = [];

    /// <summary>
    /// The key file, when no keys are listed: a line <c>id key</c> for each, the first one seals. Its changes are followed without a restart, and
    /// <c>cortex keys rotate</c> makes them. Several replicas must share it. Default: <c>cortex.key</c> beside the SQLite database (with PostgreSQL: in <c>data/</c> beside
    /// the configuration file).
    /// </summary>
    public string? KeyFile { get; init; }
}

/// <summary>One key of <c>vault.keys</c>.</summary>
internal sealed class VaultKeyOptions
{
    /// <summary>Name of the key, written in every record it seals: 1 to 64 of <c>a-z 0-9 . _ -</c>. Never give an old name to a new key.</summary>
    public string Id { get; init; } = "";

    /// <summary>32 random bytes, as base64 or as 64 hexadecimal digits (<c>openssl rand -base64 32</c>).</summary>
    public Secret? Key { get; init; }
}
