using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using Cortex.Foundation.Sealing;

namespace Cortex.Identity.Vault;

/// <summary>
/// Seals grants. Associated data: <c>grant/{person}/{backend}/{issuer}</c>, and the key id, which stands in the record's header: a record copied to
/// another person, another backend or another issuer does not open, nor does one that names another key. Thread-safe.
/// </summary>
internal sealed class GrantSealing(Sealer sealer, KeyRing ring)
{
    /// <summary>Seals under the active key.</summary>
    public SealedGrant Seal(GrantKey key, string issuer, Grant grant)
    {
        var plaintext = JsonSerializer.SerializeToUtf8Bytes(grant, GrantJson.Default.Grant);
        try
        {
            var record = sealer.Seal(plaintext, AssociatedData(key, issuer));
            return new SealedGrant(record, SealedLayout.FindKeyId(record)!);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plaintext);
        }
    }

    /// <summary>Opens the grant of a row; false when it does not open for this person, backend and issuer with the keys at hand.</summary>
    public bool TryOpen(GrantKey key, GrantRow row, [NotNullWhen(true)] out Grant? grant)
    {
        grant = null;
        if (sealer.TryOpen(row.Sealed, AssociatedData(key, row.Issuer)) is not { } plaintext)
            return false;
        grant = JsonSerializer.Deserialize(plaintext, GrantJson.Default.Grant);
        CryptographicOperations.ZeroMemory(plaintext);
        return grant is not null;
    }

    /// <summary>Opens the grant of a row.</summary>
    /// <exception cref="SealingException">It does not open; the message names the missing key.</exception>
    public Grant Open(GrantKey key, GrantRow row)
    {
        if (TryOpen(key, row, out var grant))
            return grant;
        var what = $"The linked account of person '{key.Person}' at backend '{key.Backend}'";
        throw new SealingException(SealedLayout.FindKeyId(row.Sealed) switch
        {
            null => $"{what} is not a sealed record: the row was changed outside the gateway. Nothing was changed.",
            var id when ring.Find(id) is null => $"{what} is sealed under the key '{id}', which is not at hand. Add the key '{id}' to vault.keys. Nothing was changed.",
            var id => $"{what} does not open under the key '{id}': either vault.keys holds other bytes under that id, or the row was changed outside the gateway. Nothing was changed.",
        });
    }

    private static string AssociatedData(GrantKey key, string issuer) => $"grant/{key}/{issuer}";
}

/// <summary>A sealed grant and the name of its key.</summary>
internal readonly record struct SealedGrant(byte[] Record, string KeyId);
