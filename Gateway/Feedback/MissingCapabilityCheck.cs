using System.Text;

namespace Cortex.Feedback;

/// <summary>The limits of a report's texts, in UTF-16 units.</summary>
internal static class MissingCapabilityCheck
{
    public const int MaxWanted = 2_000;
    public const int MaxIntent = 4_000;
    public const int MaxName = 200;
    public const int MaxShape = 8_000;

    /// <summary>Every fault of the report, one sentence each, naming the argument and what to write instead.</summary>
    public static IReadOnlyList<string> FaultsOf(MissingCapability report)
    {
        var faults = new List<string>();
        if (string.IsNullOrWhiteSpace(report.WhatIWanted))
            faults.Add("whatIWanted is empty: write one sentence about what you could not do.");
        Check("whatIWanted", report.WhatIWanted, MaxWanted);
        Check("userIntent", report.UserIntent, MaxIntent);
        Check("contextTool", report.ContextTool, MaxName);
        Check("contextApp", report.ContextApp, MaxName);
        Check("suggestedShape", report.SuggestedShape, MaxShape);
        return faults;

        void Check(string name, string? text, int most)
        {
            if (text is null)
                return;
            if (text.Length > most)
                faults.Add($"{name} has {text.Length} characters; shorten it to {most}.");
            if (text.Contains('\0', StringComparison.Ordinal) || HasLoneSurrogate(text))
                faults.Add($"{name} holds a character that is not text (U+0000 or half a surrogate pair); take it out.");
        }
    }

    private static bool HasLoneSurrogate(string text)
    {
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var read) != System.Buffers.OperationStatus.Done)
                return true;
            rest = rest[read..];
        }

        return false;
    }
}
