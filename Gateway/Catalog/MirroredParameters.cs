using System.Text;
using System.Text.Json;
using Cortex.Foundation.JsonRpc;

namespace Cortex.Catalog;

/// <summary>
/// The parameters of a tool that clients repeat in headers (<c>x-mcp-header</c> in its <c>inputSchema</c>), as a tree of property names.
/// Immutable and thread-safe.
/// </summary>
/// <remarks><see href="https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http#custom-headers-from-tool-parameters"/></remarks>
internal sealed class MirroredParameters
{
    private readonly Node _root;
    private readonly string[] _names;
    private readonly int _nodes;

    private MirroredParameters(Node root, string[] names, int nodes) => (_root, _names, _nodes) = (root, names, nodes);

    /// <summary>Compiles what <see cref="MirroredSchema"/> found; null when it found nothing.</summary>
    public static MirroredParameters? Of(IReadOnlyList<MirroredProperty> properties)
    {
        if (properties.Count == 0)
            return null;
        var nodes = 1;
        var root = new Node([], 0);
        for (var i = 0; i < properties.Count; i++)
        {
            var node = root;
            foreach (var step in properties[i].Path)
                node = node.Find(Encoding.UTF8.GetBytes(step)) ?? node.Add(Encoding.UTF8.GetBytes(step), nodes++);
            node.Parameter = i;
        }

        return new MirroredParameters(root, [.. properties.Select(property => property.Header)], nodes);
    }

    /// <summary>True when <paramref name="name"/>, without <c>Mcp-Param-</c>, is the header of one of them.</summary>
    public bool Contains(ReadOnlySpan<char> name)
    {
        foreach (var known in _names)
        {
            if (name.Equals(known, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    /// <summary>
    /// Reads what a call's <c>arguments</c> give for each of them; empty bytes give nothing. False when a name on the way occurs twice, or a string
    /// holds half a surrogate pair: then no two readers need see the same value.
    /// </summary>
    public bool TryRead(ReadOnlySpan<byte> arguments, out MirroredValue[] values)
    {
        values = [.. _names.Select(name => new MirroredValue(name, null, false))];
        if (arguments.IsEmpty)
            return true;
        var reader = new Utf8JsonReader(arguments);
        reader.Read();
        return reader.TokenType != JsonTokenType.StartObject || TryRead(ref reader, arguments, _root, new bool[_nodes], values);
    }

    private static bool TryRead(ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8, Node parent, bool[] seen, MirroredValue[] values)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var node = parent.Find(ref reader);
            reader.Read();
            if (node is null)
            {
                reader.Skip();
                continue;
            }

            if (seen[node.Index])
                return false;
            seen[node.Index] = true;
            if (reader.TokenType == JsonTokenType.StartObject ? !TryRead(ref reader, utf8, node, seen, values) : !TryTake(ref reader, utf8, node, values))
                return false;
        }

        return true;
    }

    private static bool TryTake(ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8, Node node, MirroredValue[] values)
    {
        var raw = utf8[(int)reader.TokenStartIndex..(int)reader.BytesConsumed];
        var isNumber = reader.TokenType == JsonTokenType.Number;
        string? text = null;
        switch (reader.TokenType)
        {
            case JsonTokenType.String when !JsonText.TryGetString(raw, out text):
                return false;
            case JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False:
                text = Encoding.UTF8.GetString(raw);
                break;
            case JsonTokenType.StartArray:
                reader.Skip();
                break;
        }

        if (node.Parameter is { } parameter)
            values[parameter] = values[parameter] with { Text = text, IsNumber = isNumber };
        return true;
    }

    /// <summary>A property on the way to a parameter, or the parameter itself.</summary>
    private sealed class Node(byte[] name, int index)
    {
        private readonly List<Node> _children = [];

        public int Index => index;

        /// <summary>Position of the parameter; null for a property on the way.</summary>
        public int? Parameter { get; set; }

        public Node? Find(ReadOnlySpan<byte> name)
        {
            foreach (var child in _children)
            {
                if (child.Is(name))
                    return child;
            }

            return null;
        }

        /// <summary>The child whose name the reader stands on, however it spells it.</summary>
        public Node? Find(ref Utf8JsonReader reader)
        {
            foreach (var child in _children)
            {
                if (reader.ValueTextEquals(child.Name))
                    return child;
            }

            return null;
        }

        public Node Add(byte[] child, int childIndex)
        {
            var node = new Node(child, childIndex);
            _children.Add(node);
            return node;
        }

        private ReadOnlySpan<byte> Name => name;

        private bool Is(ReadOnlySpan<byte> other) => name.AsSpan().SequenceEqual(other);
    }
}
