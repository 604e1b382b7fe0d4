using Cortex.Foundation.Configuration;
using Cortex.Foundation.Model;

namespace Cortex.Backends;

/// <summary>One entry of <c>backends:</c>.</summary>
internal sealed class BackendOptions
{
    /// <summary>What the backend speaks: <c>contract</c> or <c>mcp</c>.</summary>
    public BackendKind Kind { get; init; } = BackendKind.Contract;

    /// <summary>Base address of the only destination; for <c>mcp</c> the whole address of the MCP endpoint may stand here.</summary>
    public string? Url { get; init; }

    /// <summary>Base addresses of several destinations, instead of <see cref="Url"/>.</summary>
    public IReadOnlyList<string> Destinations { get; init; } = [];

    /// <summary>Path of the endpoint below the base address. Default: <c>/api/cortex/backend</c> for <c>contract</c>, the path of the address for <c>mcp</c>.</summary>
    public string? Path { get; init; }

    /// <summary>What goes out in place of the caller's token.</summary>
    public BackendAuth Auth { get; init; } = BackendAuth.UserToken;

    /// <summary>The header that <c>auth: static</c> sends; default <c>Authorization</c> with the secret as a bearer token.</summary>
    public string? StaticHeader { get; init; }

    /// <summary>The secret that <c>auth: static</c> sends.</summary>
    public Secret? StaticSecret { get; init; }

    /// <summary>How persons link their accounts, with <c>auth: linkedAccount</c>.</summary>
    public LinkOptions Link { get; init; } = new();

    /// <summary>Where tokens come from, with <c>auth: exchange</c>.</summary>
    public ExchangeOptions? Exchange { get; init; }

    /// <summary>Whose catalog is shown: <c>shared</c>, or <c>perPerson</c> for native servers that list by person (<c>auth: linkedAccount</c>, <c>userToken</c> or <c>exchange</c>).</summary>
    public CatalogSharing Catalog { get; init; } = CatalogSharing.Shared;

    /// <summary>The person whose linked account reads the shared catalog of a backend with <c>auth: linkedAccount</c>, and nothing else: an id (<c>p_...</c>) or a verified e-mail address. Default: it is read without an account.</summary>
    public string? CatalogAccount { get; init; }

    /// <summary>A static technical token for catalog discovery, instead of a minted machine token.</summary>
    public Secret? CatalogToken { get; init; }

    /// <summary>Audience of minted tokens. Default: the address of the endpoint's base, as written.</summary>
    public string? Audience { get; init; }

    /// <summary>Prefix of public names, joined by <c>_</c>. Default: the backend's id; empty for none.</summary>
    public string? Prefix { get; init; }

    /// <summary>When the prefix stands before the names of tools and prompts.</summary>
    public NamePolicy Names { get; init; } = NamePolicy.Always;

    /// <summary>Public names chosen by hand: own name of a tool or prompt to public name.</summary>
    public IReadOnlyDictionary<string, string> Aliases { get; init; } = new Dictionary<string, string>();

    /// <summary>Native tools only: scope by tool name or glob (<c>delete_*</c>). A tool that nothing matches needs <c>mcp:&lt;backend&gt;</c>.</summary>
    public IReadOnlyDictionary<string, Scope> Scopes { get; init; } = new Dictionary<string, Scope>();

    /// <summary>Longest wait for the first byte of a reply; for a contract backend, for the whole call.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest silence between two events of a stream.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Longest life of one call.</summary>
    public TimeSpan MaxDuration { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Largest reply of a contract backend, and most that is read of the catalog of a native server, in bytes.</summary>
    public int MaxReplyBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>How long the last good catalog of a failing backend is still served.</summary>
    public TimeSpan StaleAfter { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Allows plaintext http to a host that is not loopback.</summary>
    public bool AllowPlaintext { get; init; }

    /// <summary>True: the gateway itself runs the demo notes app at this backend's address, which must be a loopback one.</summary>
    public bool Demo { get; init; }

    /// <summary>YARP's own ClusterConfig keys, as they are: <c>loadBalancingPolicy</c>, <c>healthCheck</c>, <c>httpClient</c>, <c>metadata</c>.</summary>
    public RawSection? Cluster { get; init; }
}
