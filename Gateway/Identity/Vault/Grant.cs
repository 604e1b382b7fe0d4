using System.Text.Json.Serialization;

namespace Cortex.Identity.Vault;

/// <summary>What is sealed: the tokens of one person at one server, and the client that holds them. Never shown, never logged.</summary>
internal sealed record Grant
{
    /// <summary>Goes to the server as a bearer token.</summary>
    public required string AccessToken { get; init; }

    /// <summary>Gets new ones; null when the provider gave none.</summary>
    public string? RefreshToken { get; init; }

    /// <summary>The client that holds them.</summary>
    public required GrantClient Client { get; init; }

    public override string ToString() => "***";
}

/// <summary>The JSON that is sealed, and that of the copy in shared state.</summary>
[JsonSerializable(typeof(Grant))]
[JsonSerializable(typeof(GrantRow))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class GrantJson : JsonSerializerContext;
