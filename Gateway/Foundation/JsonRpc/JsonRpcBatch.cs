namespace Cortex.Foundation.JsonRpc;

/// <summary>Takes a top-level array apart into its elements, each to be read as a message of its own.</summary>
internal static class JsonRpcBatch
{
    /// <summary>Finds the elements of the array <paramref name="utf8"/>; never throws on any bytes. An empty array is refused.</summary>
    /// <param name="elements">Receives the ranges; its length is the most that is accepted.</param>
    public static JsonRpcFault TrySplit(ReadOnlySpan<byte> utf8, int maxDepth, Span<ByteRange> elements, out int count) =>
        throw new NotImplementedException();
}
