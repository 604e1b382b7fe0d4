namespace Cortex.Identity.AuthorizationServer.Registration;

/// <summary>A client as operators see it. Moments are Unix milliseconds.</summary>
internal sealed class ClientRecord
{
    /// <summary>The <c>client_id</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The name it gave itself, or its operator gave it.</summary>
    public string? Name { get; init; }

    /// <summary><c>public</c> or <c>confidential</c>.</summary>
    public string? Type { get; init; }

    /// <summary>OpenIddict's properties as JSON, which say where it comes from.</summary>
    public string? Properties { get; init; }

    /// <summary>A JSON array.</summary>
    public string? RedirectUris { get; init; }

    /// <summary>Null for a configured client.</summary>
    public long? RegisteredAt { get; init; }

    /// <summary>When it last got a token, to the hour; null when that is not known.</summary>
    public long? UsedAt { get; init; }

    /// <summary>When an operator disabled it; null when none did.</summary>
    public long? DisabledAt { get; init; }

    /// <summary>Grants of persons that stand.</summary>
    public long Grants { get; init; }
}
