using CsCheck;

namespace Cortex.Tests.Foundation.JsonRpc;

/// <summary>Cuts bytes into chunks, as networks do.</summary>
internal static class Chunks
{
    /// <summary>Lengths to cut at, over and over.</summary>
    public static Gen<int[]> Lengths { get; } = Gen.OneOf(
        Gen.Const(new[] { 1 }), Gen.Const(new[] { int.MaxValue }), Gen.Int[1, 5].Array[1, 6], Gen.Int[1, 60].Array[1, 6]);

    public static IEnumerable<ReadOnlyMemory<byte>> Cut(ReadOnlyMemory<byte> bytes, int[] lengths)
    {
        for (var i = 0; !bytes.IsEmpty; i++)
        {
            var length = Math.Min(lengths[i % lengths.Length], bytes.Length);
            yield return bytes[..length];
            bytes = bytes[length..];
        }
    }
}
