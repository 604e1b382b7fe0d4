namespace Cortex.Builtins;

/// <summary>What a builtin answers.</summary>
internal abstract record BuiltinResult
{
    private BuiltinResult()
    {
    }

    /// <summary>It was done.</summary>
    /// <param name="Json">The value as its output schema says, UTF-8.</param>
    public sealed record Value(byte[] Json) : BuiltinResult
    {
        /// <summary>Content in place of the value's own text: a raw array of content blocks.</summary>
        public byte[]? Content { get; init; }
    }

    /// <summary>It could not be done.</summary>
    /// <param name="Text">What went wrong, with which thing, what to do next.</param>
    public sealed record Failed(string Text) : BuiltinResult;
}
