using Microsoft.IdentityModel.JsonWebTokens;

namespace Cortex.Identity.Callers.Issuers;

/// <summary>What asking an issuer about a token came to.</summary>
internal abstract record IntrospectionResult
{
    private IntrospectionResult()
    {
    }

    /// <summary>The token counts.</summary>
    /// <param name="Claims">What the issuer says of it, in the form of a token that nobody signed.</param>
    public sealed record Active(JsonWebToken Claims) : IntrospectionResult;

    /// <summary>The issuer says that the token does not count.</summary>
    public sealed record Inactive : IntrospectionResult
    {
        public static Inactive Instance { get; } = new();
    }

    /// <summary>The issuer gave no answer that can be used.</summary>
    public sealed record Unavailable : IntrospectionResult
    {
        public static Unavailable Instance { get; } = new();
    }
}
