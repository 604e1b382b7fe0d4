using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;
using Microsoft.IdentityModel.Tokens;

namespace Cortex.Foundation.Sealing;

/// <summary>
/// The gateway's own keys, kept sealed in the database, the same on every replica. Loaded by <see cref="SealingPreparation"/>, and again by
/// <see cref="KeyRotation"/>. Thread-safe.
/// </summary>
internal sealed class SigningKeys
{
    private volatile SigningKeySnapshot? _snapshot;
    private ConfigurationReloadToken _changed = new();

    /// <summary>Symmetric keys of 256 bits for what only the embedded authorization server reads again; the first one encrypts.</summary>
    public IReadOnlyList<SymmetricSecurityKey> Encryption => Snapshot.Encryption;

    /// <summary>Fires at the next change of the keys.</summary>
    public IChangeToken ChangeToken => Volatile.Read(ref _changed);

    private SigningKeySnapshot Snapshot =>
        _snapshot ?? throw new InvalidOperationException("The signing keys were used before SealingPreparation had loaded them.");

    /// <summary>The key that signs now.</summary>
    public SigningKey Active(KeyPurpose purpose) => All(purpose)[0];

    /// <summary>All keys whose signatures count or soon will: the one that signs first, the others newest first.</summary>
    public IReadOnlyList<SigningKey> All(KeyPurpose purpose) => purpose switch
    {
        KeyPurpose.Issuer => Snapshot.Issuer,
        KeyPurpose.Identity => Snapshot.Identity,
        _ => throw new ArgumentOutOfRangeException(nameof(purpose), purpose, null),
    };

    /// <summary>True when these are the keys, in this order.</summary>
    public bool Hold(IReadOnlyList<string> ids) => _snapshot is { } snapshot && snapshot.Ids.SequenceEqual(ids);

    /// <summary>Replaces the keys and tells whoever listens.</summary>
    public void Load(SigningKeySnapshot snapshot)
    {
        _snapshot = snapshot;
        Interlocked.Exchange(ref _changed, new ConfigurationReloadToken()).OnReload();
    }
}

/// <summary>The keys of one moment, those that sign or encrypt first, and the ids of them all.</summary>
internal sealed record SigningKeySnapshot(
    IReadOnlyList<SigningKey> Issuer, IReadOnlyList<SigningKey> Identity, IReadOnlyList<SymmetricSecurityKey> Encryption, IReadOnlyList<string> Ids);
