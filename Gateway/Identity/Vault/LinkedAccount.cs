using Cortex.Foundation.Model;

namespace Cortex.Identity.Vault;

/// <summary>A linked account as its owner may see it.</summary>
/// <param name="Backend">At which backend.</param>
/// <param name="Issuer">Who granted it.</param>
/// <param name="State">Linked, or in need of linking anew.</param>
/// <param name="Scopes">The provider's scopes, separated by spaces.</param>
/// <param name="LinkedAt">When the person linked it.</param>
internal sealed record LinkedAccount(BackendId Backend, string Issuer, GrantState State, string Scopes, DateTimeOffset LinkedAt);
