namespace Cortex.Cli.BackendTest.Tokens;

/// <summary>The one thing that is wrong with a token.</summary>
internal enum TokenFault
{
    None,
    Expired,
    OtherAudience,
    OtherIssuer,

    /// <summary>Another key under the same key id.</summary>
    OtherKey,

    /// <summary><c>alg: none</c> and no signature.</summary>
    Unsigned,

    /// <summary><c>typ</c> is not <c>at+jwt</c>.</summary>
    OtherType,
}
