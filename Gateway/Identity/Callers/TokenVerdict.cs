namespace Cortex.Identity.Callers;

/// <summary>What validating a token came to.</summary>
internal abstract record TokenVerdict
{
    private TokenVerdict()
    {
    }

    /// <summary>The token counts, for the resource that was asked about among others.</summary>
    public sealed record Valid(ValidatedToken Token) : TokenVerdict;

    /// <summary>The token does not count.</summary>
    /// <param name="Problem">One sentence for the client's developer.</param>
    public sealed record Invalid(string Problem) : TokenVerdict;

    /// <summary>Whether the token counts can't be told now, because its issuer's keys can't be had.</summary>
    /// <param name="Issuer">The issuer, as configured.</param>
    public sealed record Undecided(string Issuer) : TokenVerdict;
}
