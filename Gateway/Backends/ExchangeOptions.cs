using Cortex.Foundation.Model;

namespace Cortex.Backends;

/// <summary>Where a backend with <c>auth: exchange</c> gets its tokens: <see href="https://www.rfc-editor.org/rfc/rfc8693">token exchange</see>.</summary>
internal sealed class ExchangeOptions
{
    /// <summary>Address of the token endpoint.</summary>
    public string? TokenEndpoint { get; init; }

    /// <summary>Id of the gateway's client there.</summary>
    public string? ClientId { get; init; }

    /// <summary>Secret of that client.</summary>
    public Secret? ClientSecret { get; init; }

    /// <summary>How the client shows its secret: in the header (<c>basic</c>) or in the form (<c>post</c>).</summary>
    public ExchangeAuthentication ClientAuthentication { get; init; } = ExchangeAuthentication.Basic;

    /// <summary>What is exchanged.</summary>
    public ExchangeSubject Subject { get; init; } = ExchangeSubject.MintedToken;

    /// <summary>The <c>audience</c> to ask for; none when left out.</summary>
    public string? Audience { get; init; }

    /// <summary>The <c>resource</c> to ask for; none when left out.</summary>
    public string? Resource { get; init; }

    /// <summary>Scopes to ask for; none when left out.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];
}
