using System.Runtime.CompilerServices;

namespace Cortex.Foundation.JsonRpc;

/// <summary>Which containers are open, one bit each.</summary>
internal struct JsonNesting
{
    private const int Words = 4;

    /// <summary>Most containers that may be open at once in a streamed text.</summary>
    public const int MaxDepth = Words * 64;

    private Bits _objects;

    public int Depth { get; private set; }

    public readonly bool IsInObject => (_objects[(Depth - 1) >> 6] >> ((Depth - 1) & 63) & 1) != 0;

    /// <summary>Opens a container; false when too many are open.</summary>
    public bool TryPush(bool isObject)
    {
        if (Depth == MaxDepth)
            return false;
        ref var word = ref _objects[Depth >> 6];
        var bit = 1UL << (Depth & 63);
        word = isObject ? word | bit : word & ~bit;
        Depth++;
        return true;
    }

    /// <summary>Closes the innermost container.</summary>
    public void Pop() => Depth--;

    [InlineArray(Words)]
    private struct Bits
    {
        private ulong _first;
    }
}
