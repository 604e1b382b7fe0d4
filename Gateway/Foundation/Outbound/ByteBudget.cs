namespace Cortex.Foundation.Outbound;

/// <summary>How much may still be read of one foreign server, over all its replies. Thread-safe.</summary>
internal sealed class ByteBudget(long total)
{
    private long _spent;

    /// <summary>Takes <paramref name="count"/> bytes off; throws <see cref="IOException"/> when there are not so many left.</summary>
    public void Spend(int count)
    {
        if (Interlocked.Add(ref _spent, count) > total)
            throw new IOException($"The server sent more than {total} bytes.");
    }
}
