using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Cortex.Foundation.Model;
using Cortex.Governance.Integrity.Definitions;

namespace Cortex.Governance.Integrity.Quarantine;

/// <summary>Id of one definition in quarantine: <c>q_</c> and 32 hexadecimal digits, the same wherever and whenever this very definition is offered.</summary>
internal readonly record struct QuarantineId
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    private QuarantineId(string value) => Value = value;

    public string Value { get; }

    public static QuarantineId Of(BackendId backend, DefinitionKey key, Fingerprint fingerprint) => new(
        "q_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{backend}\n{key.Kind.Word()}\n{fingerprint}\n{key.Name}")).AsSpan(0, 16)));

    public static bool TryParse(string? text, out QuarantineId id)
    {
        id = default;
        if (text is not { Length: 34 } || !text.StartsWith("q_", StringComparison.Ordinal) || text.AsSpan(2).ContainsAnyExcept(Digits))
            return false;
        id = new QuarantineId(text);
        return true;
    }

    public override string ToString() => Value;
}
