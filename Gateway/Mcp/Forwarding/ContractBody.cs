using System.Buffers;
using Cortex.Backends.Contract;
using Cortex.Catalog;
using Cortex.Foundation.JsonRpc;
using Cortex.Mcp.Wire;

namespace Cortex.Mcp.Forwarding;

/// <summary>
/// Writes an MCP call in the words of the contract: a tool is a method of its own name, a prompt is got by <c>get_prompt</c>, a resource read by
/// <c>read_resource</c>.
/// </summary>
internal static class ContractBody
{
    public static void Write(PooledBuffer output, McpMessage message, CatalogItem item)
    {
        if (item.Kind == CatalogKind.Tool)
        {
            ContractRequest.Write(output, item.OriginalName, message.Raw(McpMembers.Arguments).Span);
            return;
        }

        using var parameters = new PooledBuffer();
        if (item.Kind == CatalogKind.Prompt)
        {
            parameters.Write("{\"name\":"u8);
            JsonText.WriteString(parameters, item.OriginalName);
            if (message.TryGet(McpMembers.Arguments, out var arguments))
            {
                parameters.Write(",\"arguments\":"u8);
                parameters.Write(arguments.Value.Of(message.Body.Span));
            }

            parameters.Write("}"u8);
        }
        else
        {
            parameters.Write("{\"uri\":"u8);
            JsonText.WriteString(parameters, ResourceUriRules.OriginalUri(message, item));
            parameters.Write("}"u8);
        }

        ContractRequest.Write(output, item.Kind == CatalogKind.Prompt ? ContractMethods.GetPrompt : ContractMethods.ReadResource, parameters.WrittenSpan);
    }
}
