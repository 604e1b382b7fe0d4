using System.Text;

namespace Cortex.Governance.Integrity.Text;

/// <summary>
/// What a name looks like: two names with one skeleton look alike (after <see href="https://www.unicode.org/reports/tr39/#Confusable_Detection">UTS 39</see>,
/// with a table of what is drawn like ASCII and no more). Styled letters count as the plain ones, as NFKC has them.
/// </summary>
internal static class Skeleton
{
    /// <summary>Letters of other alphabets that are drawn like the ASCII one beside them.</summary>
    private static readonly Dictionary<int, char> Alike = Pairs(
        "аaеeоoрpсcхxуyіiјjѕsԁdһhԛqԝwɡgӏlкkмmтtнhвbгrпnшwьbѵvүyғfԍg" // Cyrillic, small
        + "АAВBЕEКKМMНHОOРPСCТTХXУYІIЈJЅSԌGԚQԜWЗ3ҮYЬb" // Cyrillic, capital
        + "οoνvρpυu" // Greek, small, without the letters of formulas
        + "ΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧX" // Greek, capital
        + "օoսuոnցgհhքfյjԼLՏSՕO" // Armenian
        + "ᎪAᏴBᏟCᎠDᎬEᎻHᎫJᏦKᏞLᎷMᏢPᎡRᏚSᎢTᏙVᎳWᏃZ" // Cherokee
        + "ɑaɩiʟlɴnʀrꜱsᴄcᴏoᴜuᴠvᴡwᴢz"); // Latin

    /// <summary>The skeleton of a name: characters that nobody sees are gone, capitals are small, <c>1</c>, <c>i</c> and <c>I</c> are <c>l</c>, and the like.</summary>
    public static string Of(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (var rune in name.EnumerateRunes())
        {
            if (FindPlain(rune.Value) is { } plain)
                text.Append(plain);
            else if (rune.IsAscii)
                text.Append((char)rune.Value);
            else if (Rune.IsLetterOrDigit(rune))
                text.Append(Rune.ToLowerInvariant(rune).ToString());
        }

        return text
            .Replace('I', 'l').Replace('i', 'l').Replace('1', 'l').Replace('|', 'l').Replace('0', 'o')
            .ToString().ToLowerInvariant()
            .Replace('-', '_').Replace('.', '_').Replace(' ', '_')
            .Replace("rn", "m", StringComparison.Ordinal).Replace("vv", "w", StringComparison.Ordinal);
    }

    /// <summary>The ASCII letters or digits that a character beyond ASCII is drawn like; null when it is like none.</summary>
    public static string? FindPlain(int character) => character switch
    {
        < 0x80 => null,
        >= 0xFF01 and <= 0xFF5E => ((char)(character - 0xFEE0)).ToString(),
        >= 0x1D400 and <= 0x1D6A3 => OfAlphabet((character - 0x1D400) % 52),
        >= 0x1D7CE and <= 0x1D7FF => ((char)('0' + ((character - 0x1D7CE) % 10))).ToString(),
        >= 0x24B6 and <= 0x24E9 => OfAlphabet(character - 0x24B6),
        >= 0x1F130 and <= 0x1F149 => OfAlphabet(character - 0x1F130),
        >= 0xFB00 and <= 0xFB06 => new[] { "ff", "fi", "fl", "ffi", "ffl", "st", "st" }[character - 0xFB00],
        _ => Alike.TryGetValue(character, out var letter) ? letter.ToString() : null,
    };

    private static string OfAlphabet(int letter) => ((char)(letter < 26 ? 'A' + letter : 'a' + letter - 26)).ToString();

    private static Dictionary<int, char> Pairs(string pairs) =>
        pairs.Chunk(2).DistinctBy(pair => pair[0]).ToDictionary(pair => (int)pair[0], pair => pair[1]);
}
