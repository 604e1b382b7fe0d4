namespace Cortex.Identity.AuthorizationServer.Tokens;

/// <summary>What became of presenting a code or refresh token.</summary>
internal abstract record RedemptionResult
{
    private RedemptionResult()
    {
    }

    /// <summary>It was used now, by this request alone: tokens are to be made.</summary>
    public sealed record Redeemed : RedemptionResult
    {
        public static Redeemed Instance { get; } = new();
    }

    /// <summary>It was used a moment ago; this is what was answered then.</summary>
    /// <param name="Reply">The token response as JSON.</param>
    public sealed record Repeated(byte[] Reply) : RedemptionResult;

    /// <summary>It was used before, and there is nothing to answer.</summary>
    public sealed record Spent : RedemptionResult
    {
        public static Spent Instance { get; } = new();
    }
}
