using Cortex.Backends;
using Cortex.Catalog.Toolsets;
using Cortex.Foundation.Model;
using Cortex.Mcp.Wire;

namespace Cortex.Mcp;

/// <summary>Tells from address and headers through what a request looks at the catalog.</summary>
internal sealed class RequestLenses(ToolsetDirectory toolsets, BackendRegistry backends)
{
    /// <summary>Names the only backends to be listed, with commas between them: <c>X-Cortex-Backends: notes, tickets</c>. Empty: all.</summary>
    public const string Header = "X-Cortex-Backends";

    /// <summary>Sets the <see cref="RequestLens"/> of a request; false when its address names no toolset.</summary>
    public bool TrySet(HttpContext context)
    {
        Toolset? toolset = null;
        if (context.Request.RouteValues.TryGetValue(IngressRoutes.ToolsetValue, out var name)
            && (toolset = ToolsetId.TryParse(name as string, out var id) ? toolsets.Find(id) : null) is null)
            return false;
        var chosen = ReadHeader(context.Request.Headers[Header].ToString(), toolset, out var fault);
        if (toolset is not null || chosen is not null || fault is not null)
            context.Features.Set(new RequestLens(toolset, chosen, fault));
        return true;
    }

    private BackendChoice? ReadHeader(string text, Toolset? toolset, out McpError? fault)
    {
        fault = null;
        if (string.IsNullOrWhiteSpace(text))
            return null;
        if (BackendChoice.TryParse(text) is not { } choice)
        {
            fault = Refuse($"The header {Header} must hold names of backends with commas between them, at most {BackendChoice.MaxBackends}, such as 'notes, tickets'.");
            return null;
        }

        BackendId[] unknown = [.. choice.All.Where(backend => backends.Current.Find(backend) is not { } known || toolset?.MayHold(known) == false)];
        if (unknown.Length > 0)
            fault = Refuse($"The header {Header} names {string.Join(", ", unknown.Select(backend => $"'{backend}'"))}, which is no backend here; whoami tells their names.");
        return choice;
    }

    private static McpError Refuse(string message) => new(StatusCodes.Status400BadRequest, McpError.InvalidParams, message);
}
