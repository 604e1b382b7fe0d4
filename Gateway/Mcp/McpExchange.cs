using Cortex.Catalog;
using Cortex.Foundation.Model;
using Cortex.Foundation.Observability;
using Cortex.Governance.Audit;
using Cortex.Identity.Credentials;
using Cortex.Mcp.Batches;
using Cortex.Mcp.Wire;
using Cortex.Sessions;
using Microsoft.AspNetCore.Http.Features;

namespace Cortex.Mcp;

/// <summary>One request at <c>/mcp</c> on its way through the gateway: what is known of it, and what became of it.</summary>
internal sealed class McpExchange(HttpContext http, Caller caller, McpMessage message, ProtocolVersion version, ClientSession? session, McpOperation operation)
{
    public HttpContext Http => http;

    public Caller Caller => caller;

    /// <summary>What is served: the client's message, or the call that its <c>call_tool</c> holds.</summary>
    public McpMessage Message { get; private set; } = message;

    /// <summary>True for a call that came within a <c>call_tool</c>.</summary>
    public bool IsUnwrapped { get; private set; }

    /// <summary>The revision this request is served under.</summary>
    public ProtocolVersion Version => version;

    public Era Era => version.Era;

    /// <summary>The legacy session named by the request; null when it named none.</summary>
    public ClientSession? Session => session;

    /// <summary>Key of what belongs to the session; null without one.</summary>
    public SessionKey? SessionKey { get; } = session is null ? null : Sessions.SessionKey.Of(caller, session.Id);

    /// <summary>What the client declared that the gateway relays: with its session, or with this very request. A legacy request without a session declares nothing.</summary>
    public ClientCapabilities Capabilities => field ??=
        Era == Era.Modern ? ClientCapabilities.Of(Message.Raw(McpMembers.Capabilities).Span) : session?.ClientCapabilities ?? ClientCapabilities.None;

    /// <summary>The least grave level of log messages the client wants; null: a legacy client wants all, a modern one none.</summary>
    public McpLogLevel? LogLevel => Era == Era.Modern ? LogLevels.Find(Message.Raw(McpMembers.LogLevel).Span) : session?.Level;

    /// <summary>True for a message of a batch: its reply is one JSON value, so that nothing can be said before the answer.</summary>
    public bool IsBatched { get; } = http.Features.Get<IHttpRequestLifetimeFeature>() is ElementLifetime;

    public McpOperation Operation => operation;

    public string? TraceId => operation.TraceId;

    /// <summary>Through what the request looks at the catalog.</summary>
    public RequestLens Lens { get; } = http.GetLens();

    /// <summary>The catalog by which the request is routed: the caller's, or what of it is in the toolset; set before it is.</summary>
    public CatalogSnapshot Catalog { get; private set; } = CatalogSnapshot.Empty;

    /// <summary>What is listed and found: the same, or what of it is of the backends that the request chooses.</summary>
    public CatalogSnapshot Shown { get; private set; } = CatalogSnapshot.Empty;

    /// <summary>What the request is about, for the audit record.</summary>
    public CatalogItem? Item { get; set; }

    /// <summary>Whose credential went out to the backend, for the audit record.</summary>
    public CredentialOrigin Credential { get; set; }

    /// <summary>How it ended: a word of <see cref="AuditRecord.Outcome"/>.</summary>
    public string Outcome { get; private set; } = "ok";

    /// <summary>One sentence for the audit record; never holds secrets or personal data.</summary>
    public string? Detail { get; private set; }

    /// <summary>Bytes of the response body.</summary>
    public long ResponseBytes { get; set; }

    /// <summary>Takes the caller's catalog.</summary>
    public void See(CatalogSnapshot catalog)
    {
        Catalog = catalog.Narrow(Lens.Callable);
        Shown = catalog.Narrow(Lens.Listed);
    }

    /// <summary>Goes on with the call that a <c>call_tool</c> holds.</summary>
    public void Unwrap(McpMessage inner)
    {
        Message = inner;
        IsUnwrapped = true;
    }

    /// <summary>Notes what is called, for audit record, span and metrics.</summary>
    public void BeAbout(CatalogItem item)
    {
        Item = item;
        operation.Backend = item.Backend.Id;
        operation.Target = item.Kind switch
        {
            CatalogKind.Tool => new McpTarget.Tool(item.PublicName),
            CatalogKind.Prompt => new McpTarget.Prompt(item.PublicName),
            _ => new McpTarget.Resource(Message.Text(McpMembers.Uri) ?? item.PublicName),
        };
    }

    /// <summary>Notes that the request failed.</summary>
    public void Fail(McpFailure failure, string outcome, string? detail = null)
    {
        operation.Fail(failure);
        Outcome = outcome;
        Detail = detail;
    }

    /// <summary>Notes that the request was answered with a JSON-RPC error.</summary>
    public void Fail(int code, string? detail = null)
    {
        operation.Fail(code);
        Outcome = "error";
        Detail = detail;
    }
}
