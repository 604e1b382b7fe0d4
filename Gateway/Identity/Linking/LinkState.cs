using System.Text.Json.Serialization;
using Cortex.Identity.Vault;

namespace Cortex.Identity.Linking;

/// <summary>What the gateway remembers of a person who is on their way at the provider; sealed, and read once.</summary>
internal sealed record LinkState
{
    /// <summary>Who set out.</summary>
    public required string Person { get; init; }

    /// <summary>The server to link at, as the configuration had it.</summary>
    public required string Server { get; init; }

    /// <summary>The provider's issuer: an answer of any other is refused.</summary>
    public required string Issuer { get; init; }

    /// <summary>True when every answer of the provider carries its name.</summary>
    public required bool NamesItselfInAnswers { get; init; }

    /// <summary>The verifier of PKCE (<see href="https://www.rfc-editor.org/rfc/rfc7636#section-4.1">RFC 7636</see>).</summary>
    public required string Verifier { get; init; }

    /// <summary>As which client.</summary>
    public required GrantClient Client { get; init; }

    /// <summary>Scopes that were asked for, separated by spaces.</summary>
    public required string Scopes { get; init; }

    public override string ToString() => "***";
}

/// <summary>The JSON that is sealed.</summary>
[JsonSerializable(typeof(LinkState))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class LinkStateJson : JsonSerializerContext;
