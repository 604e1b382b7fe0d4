using Cortex.Foundation.Model;

namespace Cortex.Backends;

/// <summary>How persons link their accounts at a backend with <c>auth: linkedAccount</c>. All of it may be left out: the server says where, the gateway introduces itself.</summary>
internal sealed class LinkOptions
{
    /// <summary>Id of a client registered at the provider by hand. Default: the gateway's metadata document where the provider takes it, else dynamic registration.</summary>
    public string? ClientId { get; init; }

    /// <summary>Secret of that client; none for a public client.</summary>
    public Secret? ClientSecret { get; init; }

    /// <summary>The issuer of the provider, as its metadata writes it: whoever else the server names is refused, and never sees the client's secret. Default: whoever the server names.</summary>
    public string? Issuer { get; init; }

    /// <summary>Scopes to ask for at the provider. Default: what the server names.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>True: a person may paste a token made at the provider on <c>/account</c>, instead of linking.</summary>
    public bool PersonalTokens { get; init; }
}
