namespace Cortex.Foundation.Configuration.Loading;

/// <summary>What came of reading a file.</summary>
internal abstract record SourceContent
{
    private SourceContent()
    {
    }

    internal sealed record Found(byte[] Bytes, string Hash) : SourceContent;

    internal sealed record Missing : SourceContent;

    internal sealed record TooLarge(int MaxBytes) : SourceContent;

    /// <param name="Reason">Why, in the words of the operating system.</param>
    internal sealed record Unreadable(string Reason) : SourceContent;
}
