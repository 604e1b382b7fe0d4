using Cortex.Foundation.Model;

namespace Cortex.Identity.Callers;

/// <summary>What an issuer says about a person beside their subject; null where it says nothing.</summary>
/// <param name="Email">E-mail address.</param>
/// <param name="EmailVerified">True only when the issuer vouches for the address.</param>
/// <param name="Name">Display name.</param>
/// <param name="Role">Role, as mapped from the issuer's claims.</param>
/// <param name="Pool">Tenant or department, as mapped from the issuer's claims.</param>
/// <param name="Groups">Groups, as mapped from the issuer's claims; null where nothing was asked about them, which leaves them as they are.</param>
internal sealed record PersonClaims(string? Email, bool EmailVerified, string? Name, string? Role, string? Pool, GroupSet? Groups = null);
