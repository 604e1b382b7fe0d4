namespace Cortex.Catalog.Names;

/// <summary>That a public name is somebody's.</summary>
/// <param name="Owner">Whose.</param>
/// <param name="PublicName">The name that clients use.</param>
/// <param name="Form">The settings under which it was chosen (<see cref="NameForm"/>); under others it counts no more.</param>
internal sealed record NameClaim(NameOwner Owner, string PublicName, string Form);
