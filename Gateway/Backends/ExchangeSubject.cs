namespace Cortex.Backends;

/// <summary>What a backend with <c>auth: exchange</c> shows for the caller.</summary>
internal enum ExchangeSubject
{
    /// <summary>A JWT minted for this person and the token endpoint.</summary>
    MintedToken,

    /// <summary>The caller's own token, for a token endpoint of its issuer.</summary>
    CallerToken,
}
