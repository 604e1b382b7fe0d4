namespace Cortex.Cli.Stdio;

/// <summary>What <c>cortex stdio</c> was told.</summary>
internal sealed record StdioOptions
{
    /// <summary>The gateway's MCP endpoint.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Where it comes from that nobody has to sign in; null when somebody has to.</summary>
    public FixedToken? Token { get; init; }

    /// <summary>Client id, or the https address of a client metadata document; null to register.</summary>
    public string? ClientId { get; init; }

    /// <summary>Port of the redirect URI on loopback; null for any.</summary>
    public int? RedirectPort { get; init; }

    /// <summary>True to reach a gateway on another machine without TLS.</summary>
    public bool AllowsPlaintext { get; init; }

    /// <summary>True to log what goes on.</summary>
    public bool IsVerbose { get; init; }
}
