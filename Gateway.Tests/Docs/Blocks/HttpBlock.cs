using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Cortex.Tests.Docs.Blocks;

/// <summary>An HTTP request or answer: its first line, headers and the length of its body fit together, and a JSON body can be read.</summary>
internal sealed partial class HttpBlock : IBlockRule
{
    public bool Takes(DocsBlock block) => block.Language == "http";

    public IEnumerable<string> Faults(DocsBlock block)
    {
        var parts = block.Text.TrimEnd('\n').Split("\n\n", 2);
        var (head, body) = (parts[0].Split('\n'), parts.ElementAtOrDefault(1));
        if (!FirstLine().IsMatch(head[0]))
            yield return $"'{head[0]}' begins neither a request (POST /path HTTP/1.1) nor an answer (HTTP/1.1 200 OK).";
        foreach (var line in head.Skip(1).Where(line => !Header().IsMatch(line)))
            yield return $"'{line}' is no header.";
        var headers = head.Skip(1).Select(line => line.Split(':', 2)).Where(pair => pair.Length == 2).ToLookup(pair => pair[0], pair => pair[1].Trim(), StringComparer.OrdinalIgnoreCase);
        if (body is null)
            yield break;
        if (headers["Content-Length"].FirstOrDefault() is { } length && length != Encoding.UTF8.GetByteCount(body).ToString(CultureInfo.InvariantCulture))
            yield return $"Content-Length is {length}, and the body has {Encoding.UTF8.GetByteCount(body)} bytes.";
        if (headers["Content-Type"].Any(type => type.StartsWith("application/json", StringComparison.Ordinal)) && !IsJson(body))
            yield return "the body is no JSON.";
    }

    private static bool IsJson(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"^(?:(?:GET|POST|PUT|PATCH|DELETE|OPTIONS|HEAD) /\S*(?: HTTP/1\.1)?|HTTP/1\.1 \d{3}( .+)?)$")]
    private static partial Regex FirstLine();

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9-]*: .+$")]
    private static partial Regex Header();
}
