using Microsoft.IdentityModel.Tokens;

namespace Cortex.Identity.Callers;

/// <summary>The keys by which an issuer's token may be signed.</summary>
internal abstract record KeyLookup
{
    private KeyLookup()
    {
    }

    /// <summary>The candidates: one by its <c>kid</c>, or all when the token names none.</summary>
    public sealed record Found(IReadOnlyList<SecurityKey> Keys) : KeyLookup;

    /// <summary>The issuer publishes no such key.</summary>
    public sealed record Unknown : KeyLookup
    {
        public static Unknown Instance { get; } = new();
    }

    /// <summary>The issuer's keys can't be had now.</summary>
    public sealed record Unavailable : KeyLookup
    {
        public static Unavailable Instance { get; } = new();
    }
}
