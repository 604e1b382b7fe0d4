using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Cortex.Catalog;

/// <summary>
/// A short digest of each list of a view: two replicas that list the same have the same digests. Bytes: tools, prompts, resources, each
/// 8 bytes of a SHA-256, big-endian.
/// </summary>
internal readonly record struct ListDigests(ulong Tools, ulong Prompts, ulong Resources)
{
    /// <summary>Number of its bytes.</summary>
    public const int Length = 24;

    /// <summary>The digests of these lists.</summary>
    public static ListDigests Of(Func<CatalogKind, IReadOnlyList<CatalogItem>> lists) => new(
        Hash(lists, CatalogKind.Tool), Hash(lists, CatalogKind.Prompt), Hash(lists, CatalogKind.Resource, CatalogKind.Template));

    /// <summary>The digests of these lists on top of others, which need not be read again; a list that adds nothing leaves what is below.</summary>
    public ListDigests On(ListDigests below)
    {
        var none = Of(_ => []);
        return new(
            Tools == none.Tools ? below.Tools : Combine(below.Tools, Tools),
            Prompts == none.Prompts ? below.Prompts : Combine(below.Prompts, Prompts),
            Resources == none.Resources ? below.Resources : Combine(below.Resources, Resources));
    }

    public static ListDigests Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64BigEndian(bytes),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]));

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, Tools);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Prompts);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[16..], Resources);
    }

    /// <summary>The lists in which the two differ.</summary>
    public CatalogLists DifferenceTo(ListDigests other) =>
        (Tools == other.Tools ? CatalogLists.None : CatalogLists.Tools)
        | (Prompts == other.Prompts ? CatalogLists.None : CatalogLists.Prompts)
        | (Resources == other.Resources ? CatalogLists.None : CatalogLists.Resources);

    /// <summary>The same with the digests of <paramref name="lists"/> taken from <paramref name="other"/>.</summary>
    public ListDigests Take(CatalogLists lists, ListDigests other) => new(
        lists.HasFlag(CatalogLists.Tools) ? other.Tools : Tools,
        lists.HasFlag(CatalogLists.Prompts) ? other.Prompts : Prompts,
        lists.HasFlag(CatalogLists.Resources) ? other.Resources : Resources);

    private static ulong Combine(ulong below, ulong own)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, below);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], own);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }

    private static ulong Hash(Func<CatalogKind, IReadOnlyList<CatalogItem>> lists, params ReadOnlySpan<CatalogKind> kinds)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var kind in kinds)
        {
            foreach (var item in lists(kind))
            {
                hash.AppendData(item.Json.Span);
                hash.AppendData(","u8);
            }

            hash.AppendData("]"u8);
        }

        return BinaryPrimitives.ReadUInt64BigEndian(hash.GetHashAndReset());
    }
}
