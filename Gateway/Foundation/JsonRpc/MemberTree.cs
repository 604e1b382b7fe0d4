using System.Text;

namespace Cortex.Foundation.JsonRpc;

/// <summary>
/// The places of a message that matter, as a tree of member names and of arrays whose elements are alike. Node 0 is the message itself, nodes 1 to 6 are always
/// <c>jsonrpc, id, method, params, result, error</c>; at most <see cref="MaxNodes"/> nodes, so that "seen" is one bit each.
/// Immutable once built.
/// </summary>
internal sealed class MemberTree
{
    public const int MaxNodes = 64;
    public const int Root = 0;
    public const int None = -1;
    public const int JsonRpc = 1;
    public const int Id = 2;
    public const int Method = 3;
    public const int Params = 4;
    public const int Result = 5;
    public const int Error = 6;

    private const int MaxNameBytes = 128;
    private static readonly string[] TopLevel = ["jsonrpc", "id", "method", "params", "result", "error"];

    private readonly List<byte[]> _names = [[]];
    private readonly List<int[]> _children = [[]];
    private readonly List<int> _elements = [None];

    public MemberTree()
    {
        foreach (var name in TopLevel)
            Add([name]);
    }

    /// <summary>Bytes that the longest name takes when each of its characters is escaped, without quotes; a longer key matches none.</summary>
    public int MaxRawName { get; private set; }

    public int Count => _names.Count;

    /// <summary>The node at <paramref name="path"/>, made with those on the way to it. Only while building.</summary>
    public int Add(ReadOnlySpan<string> path)
    {
        var node = Root;
        foreach (var name in path)
            node = AddMember(node, name);
        return node;
    }

    /// <summary>The node of the member <paramref name="name"/> of the object at <paramref name="parent"/>. Only while building.</summary>
    public int AddMember(int parent, string name)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        if (bytes.Length is 0 or > MaxNameBytes)
            throw new ArgumentException($"A member name must have 1 to {MaxNameBytes} bytes.", nameof(name));
        var known = Find(parent, bytes, escaped: false);
        if (known != None)
            return known;
        _children[parent] = [.. _children[parent], AddNode(bytes)];
        MaxRawName = Math.Max(MaxRawName, bytes.Length * 6);
        return Count - 1;
    }

    /// <summary>The node of all elements of the array at <paramref name="parent"/>. Only while building.</summary>
    public int AddElement(int parent)
    {
        if (_elements[parent] == None)
            _elements[parent] = AddNode([]);
        return _elements[parent];
    }

    /// <summary>True when names are known of an object at <paramref name="node"/>.</summary>
    public bool HasChildren(int node) => _children[node].Length > 0;

    /// <summary>One bit for each name that is known of an object at <paramref name="node"/>.</summary>
    public ulong ChildrenOf(int node)
    {
        var bits = 0UL;
        foreach (var child in _children[node])
            bits |= 1UL << child;
        return bits;
    }

    /// <summary>The node of the elements of an array at <paramref name="node"/>, or <see cref="None"/>.</summary>
    public int ElementOf(int node) => _elements[node];

    /// <summary>The child of <paramref name="parent"/> named by <paramref name="key"/> (raw, without quotes), or <see cref="None"/>.</summary>
    public int Find(int parent, ReadOnlySpan<byte> key, bool escaped)
    {
        foreach (var child in _children[parent])
        {
            if (escaped ? JsonText.ContentEquals(key, _names[child]) : key.SequenceEqual(_names[child]))
                return child;
        }

        return None;
    }

    /// <summary>True when <paramref name="key"/>, which is no child of <paramref name="parent"/>, would be one for a parser that ignores case.</summary>
    public bool IsLookalike(int parent, ReadOnlySpan<byte> key)
    {
        if (key.Length > MaxRawName)
            return false;
        foreach (var child in _children[parent])
        {
            if (CaseFolding.ContentEquals(key, _names[child]))
                return true;
        }

        return false;
    }

    private int AddNode(byte[] name)
    {
        if (Count == MaxNodes)
            throw new ArgumentException($"A set of members may touch at most {MaxNodes - 1} places.", nameof(name));
        _names.Add(name);
        _children.Add([]);
        _elements.Add(None);
        return Count - 1;
    }
}
