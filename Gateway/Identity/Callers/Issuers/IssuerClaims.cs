namespace Cortex.Identity.Callers.Issuers;

/// <summary>The claims in which an issuer tells of a person; each may be a path into nested objects, such as <c>organization.name</c>.</summary>
internal sealed class IssuerClaims
{
    /// <summary>E-mail address. It counts as verified only where the token says so (<c>email_verified</c>), or under <c>trustEmail</c>.</summary>
    public string Email { get; init; } = "email";

    /// <summary>Display name.</summary>
    public string Name { get; init; } = "name";

    /// <summary>Role, as backends get it.</summary>
    public string Role { get; init; } = "role";

    /// <summary>Tenant or department, as backends get it.</summary>
    public string Pool { get; init; } = "pool";
}
