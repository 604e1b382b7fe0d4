using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Cortex.Cli.BackendTest.Schema;

namespace Cortex.Cli.BackendTest;

/// <summary>Says where in a reply a fault is, with the name of the tool, prompt or template in place of its number.</summary>
internal static partial class ListPath
{
    public static string Describe(SchemaFault fault, JsonElement reply)
    {
        if (Entry().Match(fault.Path) is not { Success: true } entry)
            return fault.Path.Length == 0 ? $"the reply {fault.Problem}" : $"{fault.Path} {fault.Problem}";
        var list = entry.Groups["list"].Value;
        var index = int.Parse(entry.Groups["index"].Value, CultureInfo.InvariantCulture);
        var rest = entry.Groups["rest"].Value;
        return $"{list}[{index}]{NameOf(reply.GetProperty(list)[index])}{(rest.Length == 0 ? "" : $" {rest}")} {fault.Problem}";
    }

    private static string NameOf(JsonElement entry)
    {
        foreach (var key in new[] { "name", "uriTemplate" })
        {
            if (entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty(key, out var name) && name.ValueKind == JsonValueKind.String)
                return $" {name.GetRawText()}";
        }

        return "";
    }

    [GeneratedRegex(@"^(?<list>tools|prompts|resourceTemplates)\[(?<index>[0-9]+)\]\.?(?<rest>.*)$")]
    private static partial Regex Entry();
}
