namespace Cortex.Identity.Vault;

/// <summary>What a provider's token endpoint answered.</summary>
internal abstract record TokenResult
{
    private TokenResult()
    {
    }

    /// <summary>Tokens, whole.</summary>
    /// <param name="AccessToken">The access token.</param>
    /// <param name="RefreshToken">The refresh token; null when there is none, or the one that was sent stays.</param>
    /// <param name="ExpiresAt">End of the access token; null when the provider does not say.</param>
    /// <param name="Scopes">Scopes granted; null when they are those that were asked for.</param>
    public sealed record Received(string AccessToken, string? RefreshToken, DateTimeOffset? ExpiresAt, string? Scopes) : TokenResult
    {
        public override string ToString() => "***";
    }

    /// <summary>The provider said no.</summary>
    /// <param name="Error">Its error code, such as <c>invalid_grant</c>.</param>
    public sealed record Refused(string Error) : TokenResult;

    /// <summary>No answer that says anything.</summary>
    /// <param name="Reason">One clause for a log.</param>
    /// <param name="MayHaveActed">True when the provider may have got the request and acted on it.</param>
    public sealed record NoAnswer(string Reason, bool MayHaveActed) : TokenResult;
}
