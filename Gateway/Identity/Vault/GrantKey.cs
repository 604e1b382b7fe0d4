using Cortex.Foundation.Model;

namespace Cortex.Identity.Vault;

/// <summary>Whose grant at which backend. A person has one at most at each.</summary>
internal readonly record struct GrantKey(PersonId Person, BackendId Backend)
{
    /// <summary><c>{person}/{backend}</c>: neither part can hold a slash.</summary>
    public override string ToString() => $"{Person}/{Backend}";
}
