using Microsoft.IdentityModel.Tokens;

namespace Cortex.Foundation.Sealing;

/// <summary>
/// The gateway's own keys, made once, kept sealed in the database, the same on every replica. Loaded by <see cref="SealingPreparation"/>. Thread-safe.
/// </summary>
internal sealed class SigningKeys
{
    private volatile SigningKeySnapshot? _snapshot;

    /// <summary>A symmetric key of 256 bits for what only the embedded authorization server reads again.</summary>
    public SymmetricSecurityKey Encryption => Snapshot.Encryption;

    private SigningKeySnapshot Snapshot =>
        _snapshot ?? throw new InvalidOperationException("The signing keys were used before SealingPreparation had loaded them.");

    /// <summary>The key that signs now.</summary>
    public SigningKey Active(KeyPurpose purpose) => All(purpose)[0];

    /// <summary>All keys whose signatures still count, newest first.</summary>
    public IReadOnlyList<SigningKey> All(KeyPurpose purpose) => purpose switch
    {
        KeyPurpose.Issuer => Snapshot.Issuer,
        KeyPurpose.Identity => Snapshot.Identity,
        _ => throw new ArgumentOutOfRangeException(nameof(purpose), purpose, null),
    };

    /// <summary>Replaces the keys.</summary>
    public void Load(SigningKeySnapshot snapshot) => _snapshot = snapshot;
}

/// <summary>The keys of one moment, newest first.</summary>
internal sealed record SigningKeySnapshot(IReadOnlyList<SigningKey> Issuer, IReadOnlyList<SigningKey> Identity, SymmetricSecurityKey Encryption);
