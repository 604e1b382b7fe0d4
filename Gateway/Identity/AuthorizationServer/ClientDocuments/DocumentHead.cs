using System.Text.Json;

namespace Cortex.Identity.AuthorizationServer.ClientDocuments;

/// <summary>What a document holds beyond <see cref="Registration.ClientMetadata"/>.</summary>
internal sealed record DocumentHead
{
    /// <summary>Must be the document's own address.</summary>
    public string? ClientId { get; init; }

    /// <summary>Keys of a client that signs its token requests.</summary>
    public JsonElement? Jwks { get; init; }

    /// <summary>Where they are instead.</summary>
    public string? JwksUri { get; init; }

    /// <summary>Must not be there: the document is public.</summary>
    public JsonElement? ClientSecret { get; init; }

    /// <summary>Must not be there.</summary>
    public JsonElement? ClientSecretExpiresAt { get; init; }
}
