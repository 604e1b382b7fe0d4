namespace Cortex.Foundation.JsonRpc;

/// <summary>What a rewriter remembers from chunk to chunk.</summary>
internal sealed class RewriteState(JsonRewriteRules rules, IReadOnlyList<JsonScalarMap> maps, ReadOnlyMemory<byte>[] slots)
{
    public const int NoDrop = -1;

    /// <summary>Containers that can be tracked at once: the text and one a name of a path.</summary>
    private const int MaxTracked = JsonRewriteRulesBuilder.MaxPathDepth + 1;

    private readonly int[] _nodes = new int[MaxTracked + 1];
    private readonly bool[] _isArray = new bool[MaxTracked + 1];
    private readonly bool[] _hasMember = new bool[MaxTracked + 1];

    public JsonRewriteRules Rules { get; } = rules;

    public IReadOnlyList<JsonScalarMap> Maps { get; } = maps;

    public ReadOnlyMemory<byte>[] Slots { get; } = slots;

    /// <summary>Captured scalars by node.</summary>
    public byte[]?[] Captures { get; } = new byte[rules.Tree.Count][];

    public JsonScanner Scanner;

    public HeldToken Held;

    /// <summary>Bytes of the text before the current chunk.</summary>
    public long Taken { get; set; }

    public JsonRpcFault Fault { get; set; }

    /// <summary>One bit for each node that was met; below the elements of an array, in the element that is being read.</summary>
    public ulong SeenNodes { get; private set; }

    /// <summary>How many of the open containers are tracked; they are always the outermost ones.</summary>
    public int Tracked { get; private set; }

    /// <summary>Node of the value that is being read or comes next in the innermost tracked container.</summary>
    public int Member { get; set; } = MemberTree.Root;

    /// <summary>Number of tracked containers around the value that is being dropped, or <see cref="NoDrop"/>.</summary>
    public int DropAt { get; set; } = NoDrop;

    /// <summary>True inside a value that is left out.</summary>
    public bool IsDropping => DropAt != NoDrop;

    /// <summary>The current scalar is wanted whole.</summary>
    public bool IsCollecting { get; set; }

    /// <summary>The current scalar is written only when its end is known.</summary>
    public bool IsWithholding { get; set; }

    /// <summary>The current key is too long to be of interest and passes in parts.</summary>
    public bool IsKeyPassing { get; set; }

    /// <summary>Node of the innermost tracked container.</summary>
    public int Container => _nodes[Tracked];

    /// <summary>True when members of the innermost tracked container may come or go.</summary>
    public bool IsContainerEdited => !_isArray[Tracked] && Rules.IsEdited(Container);

    /// <summary>True when the innermost tracked object was given a member in the output.</summary>
    public bool HasMember
    {
        get => _hasMember[Tracked];
        set => _hasMember[Tracked] = value;
    }

    public bool HasSeen(int node) => (SeenNodes >> node & 1) != 0;

    public void See(int node) => SeenNodes |= 1UL << node;

    /// <summary>Enters an object. None of its names was seen in it, though they may have been in the element before it.</summary>
    public void EnterObject(int node)
    {
        Enter(node, isArray: false);
        SeenNodes &= ~Rules.Tree.ChildrenOf(node);
    }

    /// <summary>Enters an array, whose elements are all at one place.</summary>
    public void EnterArray(int node)
    {
        Enter(node, isArray: true);
        Member = Rules.Tree.ElementOf(node);
    }

    public void Leave()
    {
        Tracked--;
        if (_isArray[Tracked])
            Member = Rules.Tree.ElementOf(Container);
    }

    public void Reset()
    {
        Scanner = default;
        (Taken, Fault, SeenNodes, Tracked) = (0, default, 0, 0);
        (Member, DropAt) = (MemberTree.Root, NoDrop);
        IsCollecting = IsWithholding = IsKeyPassing = false;
        Array.Clear(Captures);
    }

    private void Enter(int node, bool isArray)
    {
        Tracked++;
        _nodes[Tracked] = node;
        _isArray[Tracked] = isArray;
        HasMember = false;
    }
}
