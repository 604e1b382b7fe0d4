using System.Text.RegularExpressions;
using YamlDotNet.Core;

namespace Cortex.Foundation.Configuration.Yaml;

/// <summary>Tells a syntax fault in words, without quoting the file: what it would quote may be a secret.</summary>
internal static partial class YamlProblem
{
    public const string Mend = "Check the indentation, and quote values that hold any of : # { } [ ] , & * ! | > % @";

    public static string Of(YamlException exception)
    {
        var text = Quoted().Replace(exception.Message, "'...'").Trim().TrimEnd('.');
        return text.Length == 0 ? "it cannot be parsed" : char.ToLowerInvariant(text[0]) + text[1..];
    }

    [GeneratedRegex("'[^']{2,}'|\"[^\"]{2,}\"|`[^`]{2,}`")]
    private static partial Regex Quoted();
}
