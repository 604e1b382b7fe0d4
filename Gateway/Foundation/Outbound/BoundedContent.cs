using Cortex.Foundation.JsonRpc;

namespace Cortex.Foundation.Outbound;

/// <summary>Reads bodies of foreign servers without trusting their size.</summary>
internal static class BoundedContent
{
    private const int FirstBytes = 16 * 1024;

    /// <summary>The whole body, or null when it is larger than <paramref name="maxBytes"/>; holds little more than has arrived.</summary>
    public static async Task<byte[]?> ReadBoundedAsync(this HttpContent content, int maxBytes, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > maxBytes)
            return null;
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        using var buffer = new PooledBuffer(Math.Min(FirstBytes, maxBytes + 1));
        int read;
        while ((read = await stream.ReadAsync(buffer.GetMemory(1), cancellationToken)) > 0)
        {
            buffer.Advance(read);
            if (buffer.Length > maxBytes)
                return null;
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The same content, whose reader gets an <see cref="IOException"/> in place of the byte after <paramref name="budget"/> ran out.</summary>
    public static async Task<HttpContent> LimitAsync(this HttpContent content, ByteBudget budget, CancellationToken cancellationToken)
    {
        var limited = new StreamContent(new BoundedStream(await content.ReadAsStreamAsync(cancellationToken), budget));
        foreach (var (name, values) in content.Headers.NonValidated)
            limited.Headers.TryAddWithoutValidation(name, values);
        return limited;
    }
}
