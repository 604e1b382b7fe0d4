namespace Cortex.Foundation.JsonRpc;

/// <summary>The bytes of one key or scalar that came in more than one chunk, up to a limit.</summary>
internal struct HeldToken
{
    private byte[]? _bytes;
    private int _length;

    public readonly ReadOnlySpan<byte> Span => _bytes.AsSpan(0, _length);

    public void Clear() => _length = 0;

    /// <summary>Adds <paramref name="part"/>; false, and nothing is added, when the token would pass <paramref name="limit"/> bytes.</summary>
    public bool TryAppend(ReadOnlySpan<byte> part, int limit)
    {
        if (part.Length > limit - _length)
            return false;
        if (_bytes is null || _bytes.Length < _length + part.Length)
            Array.Resize(ref _bytes, Math.Max(_length + part.Length, 2 * _length));
        part.CopyTo(_bytes.AsSpan(_length));
        _length += part.Length;
        return true;
    }
}
