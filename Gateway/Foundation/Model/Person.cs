namespace Cortex.Foundation.Model;

/// <summary>
/// A human, known by the issuer that vouches for them and their subject there. Two identities are never merged,
/// by e-mail or otherwise.
/// </summary>
/// <param name="Id">The gateway's own stable id.</param>
/// <param name="Issuer">Who vouches: an OpenID Connect issuer, or the embedded server's own issuer for its local sign-ins.</param>
/// <param name="Subject">The subject at that issuer.</param>
/// <param name="Email">E-mail address, or null when none is known.</param>
/// <param name="EmailVerified">True only when the issuer vouches for the address.</param>
/// <param name="Name">Display name, or null.</param>
/// <param name="Role">Role as mapped from the issuer's claims, or null.</param>
/// <param name="Pool">Pool (tenant, department) as mapped from the issuer's claims, or null.</param>
/// <param name="Groups">Groups as mapped from the issuer's claims.</param>
internal sealed record Person(
    PersonId Id,
    string Issuer,
    string Subject,
    string? Email,
    bool EmailVerified,
    string? Name,
    string? Role,
    string? Pool,
    GroupSet Groups = default);
