namespace Cortex.Governance.Integrity.Text;

/// <summary>Something about a definition that a person should look at.</summary>
/// <param name="Code">What: one of <see cref="FindingCodes"/>.</param>
/// <param name="Pointer">Where in its canonical form, a JSON pointer; null for the whole.</param>
/// <param name="Detail">The same in words, printable characters only.</param>
internal sealed record Finding(string Code, string? Pointer, string Detail);

/// <summary>The reasons for which a definition is looked at: stable words.</summary>
internal static class FindingCodes
{
    /// <summary>Characters that nobody sees: of no width, fillers, variation selectors after nothing.</summary>
    public const string Invisible = "invisible_characters";

    /// <summary>Tag characters (U+E0000 to U+E007F), which spell text that only models read.</summary>
    public const string Tags = "tag_characters";

    /// <summary>Characters that turn the direction of reading round.</summary>
    public const string Bidirectional = "bidirectional_controls";

    /// <summary>Control characters, such as those that steer a terminal.</summary>
    public const string Control = "control_characters";

    /// <summary>Characters that every font draws as it likes.</summary>
    public const string PrivateUse = "private_use_characters";

    /// <summary>A word with letters of one alphabet that look like those of another.</summary>
    public const string MixedScript = "mixed_script";

    /// <summary>A name that looks like an approved one.</summary>
    public const string LookAlike = "look_alike";

    /// <summary>An approved definition under another name.</summary>
    public const string Renamed = "renamed";

    /// <summary>It can't be compared: two readers could take it differently.</summary>
    public const string Malformed = "malformed";
}
