using Cortex.Builtins;
using Cortex.Foundation.JsonRpc;
using Cortex.Mcp.Wire;

namespace Cortex.Mcp;

/// <summary>
/// Takes the call out of a <c>call_tool</c>: the same message, id, <c>_meta</c> and what else <c>params</c> holds included, with the inner name and
/// arguments in the places of the outer ones. Pure.
/// </summary>
/// <remarks><c>{"name":"call_tool","arguments":{"name":"n","arguments":{...}}}</c> becomes <c>{"name":"n","arguments":{...}}</c>.</remarks>
internal static class CallToolMessage
{
    /// <summary>The call within; null when there is none that could be made.</summary>
    public static McpMessage? TryUnwrap(McpMessage outer)
    {
        if (!outer.TryGet(McpMembers.Name, out var name) || !outer.TryGet(McpMembers.Arguments, out var arguments))
            return null;
        var wrapped = arguments.Value.Of(outer.Body);
        if (CallToolArguments.TryRead(wrapped.Span, out var inner) is not null)
            return null;
        using var body = new PooledBuffer(outer.Body.Length);
        var splice = new JsonSplice(outer.Body.Span);
        splice.Replace(name.Value, inner.Name.Of(wrapped));
        splice.Replace(arguments.Value, inner.Arguments.IsEmpty ? "{}"u8.ToArray() : inner.Arguments.Of(wrapped));
        splice.WriteTo(body);
        return McpMessage.TryRead(body.WrittenSpan.ToArray(), MessageHandler.MaxDepth, out var message, out _).IsNone ? message : null;
    }
}
