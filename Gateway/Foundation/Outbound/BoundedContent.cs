using System.Buffers;

namespace Cortex.Foundation.Outbound;

/// <summary>Reads bodies of foreign servers without trusting their size.</summary>
internal static class BoundedContent
{
    /// <summary>The whole body, or null when it is larger than <paramref name="maxBytes"/>; never holds more than that.</summary>
    public static async Task<byte[]?> ReadBoundedAsync(this HttpContent content, int maxBytes, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > maxBytes)
            return null;
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent(maxBytes + 1);
        try
        {
            var length = await stream.ReadAtLeastAsync(
                buffer.AsMemory(0, maxBytes + 1), maxBytes + 1, throwOnEndOfStream: false, cancellationToken);
            return length > maxBytes ? null : buffer.AsSpan(0, length).ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
