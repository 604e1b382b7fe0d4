using Cortex.Cli.Findings;

namespace Cortex.Cli.BackendTest;

/// <summary>What <c>cortex backend test</c> was told.</summary>
internal sealed record BackendTestOptions : IFindingOptions
{
    /// <summary>The whole address of the endpoint.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Address of the issuer that the test brings along; null for none.</summary>
    public Uri? Issuer { get; init; }

    /// <summary>File with the issuer's key.</summary>
    public required string KeyFile { get; init; }

    /// <summary>Whom the minted tokens are made out to.</summary>
    public required string Audience { get; init; }

    /// <summary>A token to present; null for none.</summary>
    public string? Bearer { get; init; }

    /// <summary>Headers to send with every call.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>True for a backend that asks nobody for a token.</summary>
    public bool IsPublic { get; init; }

    /// <summary>Scopes that the person holds besides those the lists name.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>The prefix that the gateway will put before names; empty for none.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Longest wait for a reply.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Largest reply.</summary>
    public required int MaxReplyBytes { get; init; }

    /// <summary>A tool to call; null for none.</summary>
    public string? Call { get; init; }

    /// <summary>Its arguments, a JSON object; empty for none.</summary>
    public string Arguments { get; init; } = "";

    public string Address => Endpoint.OriginalString;

    public IReadOnlyCollection<string> Secrets => [.. Headers.Select(header => header.Value).Append(Bearer).OfType<string>()];
}
