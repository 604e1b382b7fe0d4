using System.Net;
using System.Text.RegularExpressions;

namespace Cortex.Tests.Fixtures;

/// <summary>One form of a page: where it goes and what it would send.</summary>
internal sealed partial record HtmlForm(Uri Action, IReadOnlyList<HtmlField> Fields)
{
    /// <summary>All forms of a page, in order.</summary>
    public static IReadOnlyList<HtmlForm> ReadAll(Uri page, string html) =>
    [
        .. Form().Matches(html).Select(form => new HtmlForm(
            new Uri(page, AttributesOf(form.Groups["tag"].Value).GetValueOrDefault("action", page.PathAndQuery)),
            [.. Field().Matches(form.Groups["body"].Value).Select(field => Read(field.Groups["kind"].Value, AttributesOf(field.Groups["tag"].Value)))])),
    ];

    private static HtmlField Read(string kind, Dictionary<string, string> attributes) => new(
        kind.Equals("button", StringComparison.OrdinalIgnoreCase) ? "submit" : attributes.GetValueOrDefault("type", "text").ToLowerInvariant(),
        attributes.GetValueOrDefault("name"),
        attributes.GetValueOrDefault("value", ""),
        attributes.ContainsKey("checked"));

    private static Dictionary<string, string> AttributesOf(string tag)
    {
        var attributes = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (Match attribute in Attribute().Matches(tag))
            attributes.TryAdd(attribute.Groups["name"].Value, WebUtility.HtmlDecode(attribute.Groups["value"].Value));
        return attributes;
    }

    [GeneratedRegex("""<form\b(?<tag>[^>]*)>(?<body>.*?)</form>""", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex Form();

    [GeneratedRegex("""<(?<kind>input|button)\b(?<tag>(?:[^>"]|"[^"]*")*)>""", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex Field();

    [GeneratedRegex("""(?<name>[\w-]+)(?:\s*=\s*(?:"(?<value>[^"]*)"|'(?<value>[^']*)'|(?<value>[^\s"'>]+)))?""")]
    private static partial Regex Attribute();
}

/// <summary>An input or button. <c>Type</c> is <c>submit</c> for buttons.</summary>
internal sealed record HtmlField(string Type, string? Name, string Value, bool IsChecked);
