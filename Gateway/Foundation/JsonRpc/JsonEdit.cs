namespace Cortex.Foundation.JsonRpc;

/// <summary>What an edit does with its range.</summary>
internal enum JsonEditKind : byte
{
    Replace,
    InsertFirst,
    Remove,
}

/// <summary>One edit: <paramref name="Range"/> of the source gives way to <paramref name="Bytes"/>, then to a comma if <paramref name="Comma"/>.</summary>
internal readonly record struct JsonEdit(JsonEditKind Kind, ByteRange Range, ReadOnlyMemory<byte> Bytes, bool Comma = false);
