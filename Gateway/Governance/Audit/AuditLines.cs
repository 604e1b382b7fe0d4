using System.Buffers;
using System.Text;
using System.Threading.Channels;

namespace Cortex.Governance.Audit;

/// <summary>
/// Writes audit lines to stdout from one task, so that no request waits for the console. A reader of stdout that stalls for
/// <see cref="Capacity"/> lines loses lines, counted by <see cref="AuditLoss"/>, and never stops the gateway; their rows still go to the database.
/// </summary>
internal sealed class AuditLines(AuditOutput output, AuditLoss loss) : BackgroundService
{
    /// <summary>Lines that wait at most.</summary>
    public const int Capacity = 16_384;

    private const int MaxChunkBytes = 64 * 1024;

    // Lines that come together go out together: under load, a write for each would cost more than the lines themselves.
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(10);

    private readonly Channel<AuditEntry> _entries =
        Channel.CreateBounded<AuditEntry>(new BoundedChannelOptions(Capacity) { SingleReader = true });

    private volatile bool _closed;

    /// <summary>Puts the line on its way; once the host has stopped, writes it directly.</summary>
    public void Write(AuditEntry entry)
    {
        if (_entries.Writer.TryWrite(entry))
            return;
        if (!_closed)
        {
            loss.Count(AuditSink.Stdout, 1);
            return;
        }

        var chunk = new ArrayBufferWriter<byte>();
        Append(chunk, entry);
        Flush(chunk, 1);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _closed = true;
        _entries.Writer.TryComplete();
        if (ExecuteTask is { } running)
            await running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    /// <summary>Runs until the channel is closed and empty, so that nothing noted before the stop is left out.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var chunk = new ArrayBufferWriter<byte>();
        while (await _entries.Reader.WaitToReadAsync(stoppingToken))
        {
            await Task.Delay(Gathering, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var lines = 0;
            while (chunk.WrittenCount < MaxChunkBytes && _entries.Reader.TryRead(out var entry))
            {
                Append(chunk, entry);
                lines++;
            }

            Flush(chunk, lines);
            chunk.ResetWrittenCount();
        }
    }

    private static void Append(ArrayBufferWriter<byte> chunk, AuditEntry entry)
    {
        AuditLine.Write(chunk, entry);
        chunk.Write("\n"u8);
    }

    private void Flush(ArrayBufferWriter<byte> chunk, int lines)
    {
        try
        {
            output.Writer.Write(Encoding.UTF8.GetString(chunk.WrittenSpan));
            output.Writer.Flush();
        }
        catch (IOException)
        {
            // Stdout is a full disk or a broken pipe: there is nowhere better to say so than the counter and the log's own warning.
            loss.Count(AuditSink.Stdout, lines);
        }
    }
}
