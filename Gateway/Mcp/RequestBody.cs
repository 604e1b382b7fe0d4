using Cortex.Foundation.JsonRpc;

namespace Cortex.Mcp;

/// <summary>Reads a request body once, whole, into one pooled buffer of bounded size.</summary>
internal static class RequestBody
{
    /// <summary>Room for most bodies; a larger one gets room as it arrives, since a length is easily claimed.</summary>
    private const int FirstBytes = 64 * 1024;

    /// <summary>Reads the body; null when it is larger than <paramref name="maxBytes"/>. The caller disposes the buffer.</summary>
    public static async ValueTask<PooledBuffer?> ReadAsync(HttpRequest request, int maxBytes, CancellationToken cancellationToken)
    {
        if (request.ContentLength > maxBytes)
            return null;
        var buffer = new PooledBuffer((int)Math.Min(request.ContentLength ?? FirstBytes, FirstBytes) + 1);
        try
        {
            int read;
            while ((read = await request.Body.ReadAsync(buffer.GetMemory(1), cancellationToken)) > 0)
            {
                buffer.Advance(read);
                if (buffer.Length <= maxBytes)
                    continue;
                buffer.Dispose();
                return null;
            }

            return buffer;
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }
}
