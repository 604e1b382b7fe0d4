using System.Collections.Immutable;

namespace Cortex.Catalog.Names;

/// <summary>Which public name is whose: one name an owner, one owner a name. Immutable.</summary>
internal sealed class NameBook
{
    private readonly ImmutableDictionary<(CatalogKind Kind, string Name), NameClaim> _byName;
    private readonly ImmutableDictionary<NameOwner, NameClaim> _byOwner;

    private NameBook(ImmutableDictionary<(CatalogKind, string), NameClaim> byName, ImmutableDictionary<NameOwner, NameClaim> byOwner)
    {
        _byName = byName;
        _byOwner = byOwner;
    }

    /// <summary>The book in which nothing is written yet.</summary>
    public static NameBook Empty { get; } = new(
        ImmutableDictionary<(CatalogKind, string), NameClaim>.Empty, ImmutableDictionary<NameOwner, NameClaim>.Empty);

    /// <summary>All claims, in no order.</summary>
    public IEnumerable<NameClaim> Claims => _byOwner.Values;

    /// <summary>The owner's claim, or null.</summary>
    public NameClaim? Of(NameOwner owner) => _byOwner.GetValueOrDefault(owner);

    /// <summary>Who has the name, or null.</summary>
    public NameClaim? HolderOf(CatalogKind kind, string publicName) => _byName.GetValueOrDefault((kind, publicName));

    /// <summary>This book, and what another has that it does not speak against.</summary>
    public NameBook Over(NameBook other)
    {
        var book = this;
        foreach (var claim in other.Claims)
        {
            var isOwn = claim.Form.Length == 0;
            if (isOwn || (Of(claim.Owner) is not { } known || known.Form != claim.Form) && HolderOf(claim.Owner.Kind, claim.PublicName) is null)
                book = book.With(claim);
        }

        return book;
    }

    /// <summary>The book with this claim in place of the owner's earlier one and of any other on its name.</summary>
    public NameBook With(NameClaim claim)
    {
        var byName = _byName;
        var byOwner = _byOwner;
        if (Of(claim.Owner) is { } earlier)
            byName = byName.Remove((claim.Owner.Kind, earlier.PublicName));
        if (HolderOf(claim.Owner.Kind, claim.PublicName) is { } holder)
            byOwner = byOwner.Remove(holder.Owner);
        return new NameBook(byName.SetItem((claim.Owner.Kind, claim.PublicName), claim), byOwner.SetItem(claim.Owner, claim));
    }
}
