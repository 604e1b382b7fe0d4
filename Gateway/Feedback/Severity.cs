using System.Diagnostics.CodeAnalysis;

namespace Cortex.Feedback;

/// <summary>How much a missing capability hurts. On the wire: <c>blocking</c>, <c>inconvenient</c>, <c>nice_to_have</c>.</summary>
internal enum Severity
{
    NiceToHave,
    Inconvenient,

    /// <summary>The agent could not do its work; operators are told by webhook.</summary>
    Blocking,
}

/// <summary>The words of the wire for <see cref="Severity"/>.</summary>
internal static class SeverityWords
{
    public static IReadOnlyList<string> All { get; } = ["blocking", "inconvenient", "nice_to_have"];

    public static string Word(this Severity severity) => severity switch
    {
        Severity.Blocking => "blocking",
        Severity.Inconvenient => "inconvenient",
        _ => "nice_to_have",
    };

    public static bool TryParse(string? word, [NotNullWhen(true)] out Severity? severity)
    {
        severity = word switch
        {
            "blocking" => Severity.Blocking,
            "inconvenient" => Severity.Inconvenient,
            "nice_to_have" => Severity.NiceToHave,
            _ => null,
        };
        return severity is not null;
    }
}
