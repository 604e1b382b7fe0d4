using System.Text.RegularExpressions;

namespace Cortex.Backends.Discovery;

/// <summary>
/// The form of a <see href="https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors">label selector</see>:
/// <c>team=payments,tier!=test,stage in (beta,live),!old</c>. Whether keys and values are ones that labels may have, the API server says.
/// </summary>
internal static partial class LabelSelector
{
    private const string Key = @"[\w./-]+";
    private const string Value = @"[\w.-]*";
    private const string Requirement = $@"\s*(?:!\s*{Key}|{Key}(?:\s*(?:==?|!=)\s*{Value}|\s*[<>]\s*\d+|\s+(?:in|notin)\s*\([\w\s.,-]*\))?)\s*";

    public static bool IsWellFormed(string text) => Form().IsMatch(text);

    [GeneratedRegex($@"^{Requirement}(?:,{Requirement})*\z")]
    private static partial Regex Form();
}
