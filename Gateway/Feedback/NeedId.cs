namespace Cortex.Feedback;

/// <summary>Id of a need: <c>n_</c> and 32 hexadecimal digits that sort by time of making. Only operators see it.</summary>
internal readonly record struct NeedId
{
    private const int Length = 34;

    private NeedId(string value) => Value = value;

    public string Value { get; }

    public static NeedId New(TimeProvider time) => new("n_" + Guid.CreateVersion7(time.GetUtcNow()).ToString("N"));

    public static bool TryParse(string? text, out NeedId id)
    {
        id = default;
        if (text is not { Length: Length } || !text.StartsWith("n_", StringComparison.Ordinal) || !Guid.TryParseExact(text.AsSpan(2), "N", out _))
            return false;
        id = new NeedId(text);
        return true;
    }

    public override string ToString() => Value;
}
