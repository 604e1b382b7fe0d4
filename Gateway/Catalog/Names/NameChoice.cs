using Cortex.Backends;
using Cortex.Foundation.Model;

namespace Cortex.Catalog.Names;

/// <summary>
/// Gives tools and prompts their public names: whoever has a name keeps it, a newcomer gets the best one that is free. A name is free again
/// when its owner's backend is no longer configured. Pure.
/// </summary>
/// <param name="Book">What is whose so far.</param>
/// <param name="MaxLength">Longest name.</param>
/// <param name="IsConfigured">Whether there still is such a backend.</param>
internal sealed record NameChoice(NameBook Book, int MaxLength, Func<BackendId, bool> IsConfigured)
{
    /// <summary>Under which a fresh gateway begins.</summary>
    public static NameChoice Fresh { get; } = new(NameBook.Empty, NameForm.MaxLength, static _ => true);

    /// <summary>The name, and the book in which it is written.</summary>
    public (string Name, NameChoice Next) For(BackendDefinition backend, CatalogKind kind, string name)
    {
        var owner = new NameOwner(kind, backend.Id, name);
        var form = backend.IsGateway ? "" : NameForm.Of(backend, name, MaxLength);
        if (Book.Of(owner) is { } known && known.Form == form)
            return (known.PublicName, this);
        var chosen = backend.IsGateway ? name : NameForm.Candidates(backend, owner, MaxLength).First(candidate => IsFree(owner, candidate));
        return (chosen, this with { Book = Book.With(new NameClaim(owner, chosen, form)) });
    }

    private bool IsFree(NameOwner owner, string name) =>
        Book.HolderOf(owner.Kind, name) is not { } holder || holder.Owner == owner || (holder.Form.Length > 0 && !IsConfigured(holder.Owner.Backend));
}
