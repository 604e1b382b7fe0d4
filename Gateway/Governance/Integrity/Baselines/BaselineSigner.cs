using System.Diagnostics.CodeAnalysis;

namespace Cortex.Governance.Integrity.Baselines;

/// <summary>Whose signature a baseline bears. In the table: <c>gateway</c>, <c>operator</c>.</summary>
internal enum BaselineSigner
{
    /// <summary>The gateway, for what it trusted on first use and what persons approved over the operator API.</summary>
    Gateway,

    /// <summary>An operator, whose key the gateway never has.</summary>
    Operator,
}

/// <summary>The words for <see cref="BaselineSigner"/>.</summary>
internal static class BaselineSignerWords
{
    public static string Word(this BaselineSigner signer) => signer == BaselineSigner.Operator ? "operator" : "gateway";

    public static bool TryParse(string? word, [NotNullWhen(true)] out BaselineSigner? signer)
    {
        signer = word switch
        {
            "gateway" => BaselineSigner.Gateway,
            "operator" => BaselineSigner.Operator,
            _ => null,
        };
        return signer is not null;
    }
}
