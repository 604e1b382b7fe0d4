namespace Cortex.Feedback.Triage;

/// <summary>What operators do with a need, in the words of its history.</summary>
internal static class NeedChange
{
    /// <summary>State, resolution or assignment.</summary>
    public const string Changed = "changed";

    public const string Noted = "noted";

    public const string Linked = "linked";

    public const string Unlinked = "unlinked";

    /// <summary>It gave its tickets to another need, or took another's.</summary>
    public const string Merged = "merged";

    /// <summary>A merge was taken back.</summary>
    public const string Unmerged = "unmerged";

    /// <summary>Tickets of it became a need of their own.</summary>
    public const string Split = "split";

    /// <summary>It was made of another need's tickets.</summary>
    public const string SplitOff = "split_off";
}
