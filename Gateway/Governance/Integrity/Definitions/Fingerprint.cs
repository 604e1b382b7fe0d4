using System.Buffers;
using System.Security.Cryptography;

namespace Cortex.Governance.Integrity.Definitions;

/// <summary>SHA-256 of a definition in canonical form: <c>sha256:</c> and 64 hexadecimal digits.</summary>
internal readonly record struct Fingerprint
{
    private const string Start = "sha256:";

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    private Fingerprint(string value) => Value = value;

    public string Value { get; }

    public static Fingerprint Of(ReadOnlySpan<byte> bytes) => new(Start + Convert.ToHexStringLower(SHA256.HashData(bytes)));

    public static bool TryParse(string? text, out Fingerprint fingerprint)
    {
        fingerprint = default;
        if (text is not { Length: 71 } || !text.StartsWith(Start, StringComparison.Ordinal) || text.AsSpan(Start.Length).ContainsAnyExcept(Digits))
            return false;
        fingerprint = new Fingerprint(text);
        return true;
    }

    public override string ToString() => Value;
}
