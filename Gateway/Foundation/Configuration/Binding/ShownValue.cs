using System.Text.RegularExpressions;

namespace Cortex.Foundation.Configuration.Binding;

/// <summary>A value as an error message may show it: one short line, with passwords in connection strings and addresses blanked.</summary>
internal static partial class ShownValue
{
    private const int Longest = 80;

    public static string Of(string written)
    {
        var text = Control().Replace(Password().Replace(UserInfo().Replace(written, "$1***@"), "$1***"), " ");
        return text.Length <= Longest ? text : string.Concat(text.AsSpan(0, Longest), "...");
    }

    [GeneratedRegex(@"(?i)((?:password|passwd|pwd|secret|token|apikey|api_key|key)\s*[=:]\s*)(?!\$\{)[^;,&\s]+")]
    private static partial Regex Password();

    [GeneratedRegex(@"(://)[^/@\s]+@")]
    private static partial Regex UserInfo();

    [GeneratedRegex(@"\p{C}+")]
    private static partial Regex Control();
}
