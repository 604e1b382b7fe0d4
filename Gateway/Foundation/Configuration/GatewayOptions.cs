using Cortex.Foundation.Model;

namespace Cortex.Foundation.Configuration;

/// <summary>The gateway's own address, name and limits: the root key <c>gateway:</c>.</summary>
internal sealed class GatewayOptions
{
    /// <summary>Origin of the gateway as clients see it: scheme, host and port, without a path. Plain http for loopback hosts only.</summary>
    [NeedsRestart]
    public string PublicUrl { get; init; } = "http://localhost:8080";

    /// <summary>Name shown to people and clients.</summary>
    public string Name { get; init; } = "Cortex";

    /// <summary>Origins whose pages may call <c>/mcp</c> from a browser: exact, or with a leading <c>*.</c> for every subdomain.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = ["https://claude.ai", "https://claude.com", "*.anthropic.com"];

    /// <summary>
    /// Host names under which the gateway also answers, besides that of <c>publicUrl</c> and those of the loopback: exact, or with a leading <c>*.</c> for
    /// every subdomain; ports don't count. Under any other name its own endpoints are refused with 403, so that no page can reach them by pointing
    /// its own name here. Probes, metrics and <c>reverseProxy</c> routes answer under any name.
    /// </summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>
    /// Addresses or networks (CIDR) of the proxies whose <c>X-Forwarded-For</c>, <c>-Proto</c> and <c>-Host</c> headers count. Such a proxy must set
    /// these headers itself, or drop what a client sent.
    /// </summary>
    [NeedsRestart]
    public IReadOnlyList<string> TrustedProxies { get; init; } = [];

    /// <summary>Largest request body at <c>/mcp</c>, in bytes.</summary>
    public int MaxBodyBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>
    /// References that included files may use, such as <c>env:TEAM_*</c> or <c>file:/run/secrets/{file}/*</c>: <c>{file}</c> is the included file's name
    /// without its extension, and <c>*</c> stops at a slash. Empty: none, since whoever writes such a file also says where the value is sent.
    /// </summary>
    public IReadOnlyList<string> IncludeReferences { get; init; } = [];

    /// <summary>
    /// Room for what clients put before the names of tools and prompts, such as <c>mcp__cortex__</c>: many take 64 characters in all. A name that would be
    /// longer is cut and ends in a few digits of its own.
    /// </summary>
    [NeedsRestart]
    public int NameBudget { get; init; } = 16;

    /// <summary>The builtin tools that are offered; <c>[]</c>: none, nor the <c>cortex://</c> resources.</summary>
    public IReadOnlyList<string> Builtins { get; init; } = BuiltinNames.All;

    /// <summary>Settings of legacy clients' sessions at <c>/mcp</c>.</summary>
    public SessionOptions Sessions { get; init; } = new();

    /// <summary>Settings of event streams at <c>/mcp</c>.</summary>
    public StreamOptions Streams { get; init; } = new();

    /// <summary>How the gateway stops when it is told to.</summary>
    public DrainOptions Drain { get; init; } = new();

    /// <summary>Settings of the operator-facing endpoints.</summary>
    public ManagementOptions Management { get; init; } = new();
}

/// <summary><c>gateway.management:</c>.</summary>
internal sealed class ManagementOptions
{
    /// <summary>Own port for <c>/metrics</c>, <c>/healthz</c> and <c>/readyz</c>; unset: they are served beside <c>/mcp</c>.</summary>
    [NeedsRestart]
    public int? Port { get; init; }
}
