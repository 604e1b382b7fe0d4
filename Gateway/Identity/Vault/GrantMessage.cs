using System.Text;
using Cortex.Foundation.Model;

namespace Cortex.Identity.Vault;

/// <summary>
/// What replicas tell each other of a grant. Wire, ASCII: <c>{person}/{backend}/{word}/{origin}</c>. An older release sends the first two alone, which
/// reads as a change of which nothing is known; a word that is not known reads so too.
/// </summary>
/// <param name="Key">Whose grant.</param>
/// <param name="Change">What became of it; null when it only has other tokens.</param>
/// <param name="Origin">The replica that told; empty for one of an older release.</param>
internal readonly record struct GrantMessage(GrantKey Key, GrantChange? Change, string Origin)
{
    private const string Linked = "linked";
    private const string NeedsRelink = "needs_relink";
    private const string Unlinked = "unlinked";
    private const string Refreshed = "refreshed";
    private const string Unknown = "unknown";

    public byte[] Write() => Encoding.ASCII.GetBytes($"{Key}/{WordOf(Change)}/{Origin}");

    /// <summary>Reads a message; false for one that names no grant.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out GrantMessage message)
    {
        message = default;
        var parts = Encoding.ASCII.GetString(bytes).Split('/');
        if (parts.Length < 2 || !PersonId.TryParse(parts[0], out var person) || !BackendId.TryParse(parts[1], out var backend))
            return false;
        message = new GrantMessage(new GrantKey(person, backend), ChangeOf(parts.ElementAtOrDefault(2)), parts.ElementAtOrDefault(3) ?? "");
        return true;
    }

    private static string WordOf(GrantChange? change) => change switch
    {
        null => Refreshed,
        GrantChange.Linked => Linked,
        GrantChange.NeedsRelink => NeedsRelink,
        GrantChange.Unlinked => Unlinked,
        _ => Unknown,
    };

    private static GrantChange? ChangeOf(string? word) => word switch
    {
        Refreshed => null,
        Linked => GrantChange.Linked,
        NeedsRelink => GrantChange.NeedsRelink,
        Unlinked => GrantChange.Unlinked,
        _ => GrantChange.Unknown,
    };
}
