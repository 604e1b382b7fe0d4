namespace Cortex.Identity.Linking;

/// <summary>What came of a pasted token.</summary>
internal abstract record PastedTokenResult
{
    private PastedTokenResult()
    {
    }

    /// <summary>It is in the vault.</summary>
    public sealed record Kept : PastedTokenResult;

    /// <summary>It was not kept.</summary>
    /// <param name="Problem">One sentence for the page; never holds the token.</param>
    public sealed record Refused(string Problem) : PastedTokenResult;
}
