namespace Cortex.Tests.Samples;

/// <summary>One thing that is wrong with a token of <see cref="TestIssuer"/>.</summary>
internal enum Forgery
{
    None,
    OtherIssuer,
    OtherAudience,

    /// <summary>Another key under the same key id.</summary>
    OtherKey,

    /// <summary><c>alg: none</c> and no signature.</summary>
    Unsigned,
    Expired,

    /// <summary><c>typ</c> is not <c>at+jwt</c>.</summary>
    OtherType,
}
