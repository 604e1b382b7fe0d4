namespace Cortex.Foundation.JsonRpc;

/// <summary>The short fields of an event (<c>event</c>, <c>id</c>, <c>retry</c>) as lines to be written, held until it is known that the event has data.</summary>
internal sealed class SsePendingFields : IDisposable
{
    private const int MaxBytes = 4096;

    private readonly PooledBuffer _lines = new(256);
    private bool _isLineOpen;

    public ReadOnlySpan<byte> Lines => _lines.WrittenSpan;

    /// <summary>Adds a part of the value of <paramref name="field"/>; false when the fields are too long to be held.</summary>
    public bool TryAppend(SseField field, ReadOnlySpan<byte> part)
    {
        if (_lines.Length + part.Length > MaxBytes)
            return false;
        Open(field);
        Append(part);
        return true;
    }

    /// <summary>Ends the line of <paramref name="field"/>, which may have had no value.</summary>
    public bool TryEndLine(SseField field)
    {
        if (_lines.Length > MaxBytes)
            return false;
        Open(field);
        Append("\n"u8);
        _isLineOpen = false;
        return true;
    }

    public void Clear()
    {
        _lines.Clear();
        _isLineOpen = false;
    }

    public void Dispose() => _lines.Dispose();

    private void Open(SseField field)
    {
        if (_isLineOpen)
            return;
        _isLineOpen = true;
        Append(field switch
        {
            SseField.Event => "event: "u8,
            SseField.Id => "id: "u8,
            _ => "retry: "u8,
        });
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_lines.GetSpan(bytes.Length));
        _lines.Advance(bytes.Length);
    }
}
