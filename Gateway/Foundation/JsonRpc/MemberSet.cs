namespace Cortex.Foundation.JsonRpc;

/// <summary>
/// The members that one reader looks for, compiled once. A member is known by its position in the list of paths;
/// a path holds the names from the message down, e.g. <c>["params", "name"]</c>. Immutable and thread-safe.
/// </summary>
internal sealed class MemberSet
{
    public const int MaxMembers = 32;
    public const int MaxPathDepth = 4;

    private readonly int[] _memberAt = new int[MemberTree.MaxNodes];

    /// <summary>Compiles <paramref name="paths"/>: at most 32, each of 1 to 4 names, none twice.</summary>
    public MemberSet(params ReadOnlySpan<string[]> paths)
    {
        if (paths.Length > MaxMembers)
            throw new ArgumentException($"A set holds at most {MaxMembers} members.", nameof(paths));
        Array.Fill(_memberAt, MemberTree.None);
        for (var i = 0; i < paths.Length; i++)
        {
            if (paths[i].Length is 0 or > MaxPathDepth)
                throw new ArgumentException($"The path of a member has 1 to {MaxPathDepth} names.", nameof(paths));
            var node = Tree.Add(paths[i]);
            if (_memberAt[node] != MemberTree.None)
                throw new ArgumentException($"The member '{string.Join('/', paths[i])}' stands twice in the set.", nameof(paths));
            _memberAt[node] = i;
        }

        Count = paths.Length;
    }

    /// <summary>The set that looks for nothing besides the members every message has.</summary>
    public static MemberSet Empty { get; } = new();

    /// <summary>Number of members; their indexes are 0 to one less.</summary>
    public int Count { get; }

    internal MemberTree Tree { get; } = new();

    /// <summary>Index of the member at <paramref name="node"/>, or -1.</summary>
    internal int MemberAt(int node) => _memberAt[node];
}
