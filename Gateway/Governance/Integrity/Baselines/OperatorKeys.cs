using System.Security.Cryptography;

namespace Cortex.Governance.Integrity.Baselines;

/// <summary>Public keys in PEM, one after the other: <c>-----BEGIN PUBLIC KEY-----</c>, P-256.</summary>
internal static class OperatorKeys
{
    private const string Label = "PUBLIC KEY";

    /// <summary>Reads at least one key; false, with the reason, when the text is anything else.</summary>
    public static bool TryRead(string text, out IReadOnlyList<ECDsa> keys, out string problem)
    {
        var read = new List<ECDsa>();
        keys = read;
        problem = "it holds no key in PEM";
        var rest = text.AsSpan();
        while (PemEncoding.TryFind(rest, out var found))
        {
            var label = rest[found.Label].ToString();
            if (label != Label)
            {
                problem = label.Contains("PRIVATE", StringComparison.Ordinal) ? "it holds a private key, which must never reach the gateway" : $"it holds a '{label}'";
                return false;
            }

            if (FindKey(rest[found.Location]) is not { } key)
            {
                problem = "a key in it is not one of ECDSA on P-256";
                return false;
            }

            read.Add(key);
            rest = rest[found.Location.End..];
        }

        return read.Count > 0;
    }

    private static ECDsa? FindKey(ReadOnlySpan<char> pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            if (key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == ECCurve.NamedCurves.nistP256.Oid.Value)
                return key;
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            // Refused below.
        }

        key.Dispose();
        return null;
    }
}
