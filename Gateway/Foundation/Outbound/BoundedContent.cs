namespace Cortex.Foundation.Outbound;

/// <summary>Reads bodies of foreign servers without trusting their size.</summary>
internal static class BoundedContent
{
    private const int FirstBytes = 4096;

    /// <summary>The whole body, or null when it is larger than <paramref name="maxBytes"/>. Takes memory as the body grows, not for the most it may be.</summary>
    public static async Task<byte[]?> ReadBoundedAsync(this HttpContent content, int maxBytes, CancellationToken cancellationToken)
    {
        var announced = content.Headers.ContentLength;
        if (announced > maxBytes)
            return null;
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[announced ?? Math.Min(FirstBytes, maxBytes + 1L)];
        var length = 0;
        while (await stream.ReadAsync(buffer.AsMemory(length), cancellationToken) is > 0 and var read)
        {
            length += read;
            if (length > maxBytes)
                return null;
            if (length == buffer.Length && length == announced)
                return buffer;
            if (length == buffer.Length)
                Array.Resize(ref buffer, (int)Math.Min(buffer.Length * 2L, maxBytes + 1L));
        }

        return buffer[..length];
    }
}
