using Cortex.Foundation.Model;

namespace Cortex.Identity.Callers.Issuers;

/// <summary>How an issuer is asked whether a token still counts (RFC 7662).</summary>
internal sealed class IntrospectionOptions
{
    /// <summary>Address of the introspection endpoint.</summary>
    public string Url { get; init; } = "";

    /// <summary>The client as which the gateway asks.</summary>
    public string ClientId { get; init; } = "";

    /// <summary>That client's secret, sent by <c>client_secret_basic</c>.</summary>
    public Secret? ClientSecret { get; init; }

    /// <summary>How long an answer counts: a token that the issuer ends is refused so much later at most. From 1s to 10m.</summary>
    public TimeSpan CacheFor { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Tokens that are no JWTs are this issuer's. At most one issuer can have it.</summary>
    public bool OpaqueTokens { get; init; }
}
