using System.ComponentModel;
using System.Text.Json;
using Cortex.Catalog;
using Cortex.Catalog.Search;
using Cortex.Foundation.Model;

namespace Cortex.Builtins.Tools;

/// <summary><c>find_tools</c>: whole definitions of the tools that fit a wish, or have these names, among those that the caller sees.</summary>
internal sealed class FindTools(ToolSearch search) : Builtin<FindTools.Arguments, FindTools.Answered>(
    BuiltinNames.FindTools,
    "Find tools",
    "Finds tools of yours: for a wish in your own words, or by names. Your list of tools is short; there are more than it shows. Answers with whole definitions, the best first. "
        + "Then call what you found by its name, or with call_tool if you can't.",
    isReadOnly: true)
{
    private const int MostTools = 20;
    private const int MostNames = 50;
    private const int LongestQuery = 1000;

    protected override async ValueTask<BuiltinResult> CallAsync(BuiltinCall call, Arguments arguments, CancellationToken cancellationToken)
    {
        if (FindFault(arguments) is { } fault)
            return new BuiltinResult.Failed($"'{Name}' was not called: {fault}");
        if (arguments.Names is { } names)
            return ByName(call.View, names);
        var found = await search.FindAsync(call.Catalog.Whole, call.View, arguments.Query!, arguments.Limit, cancellationToken);
        return Answer(new Answered(
            [.. found.Select(Read)], [], found.Count > 0 ? null : "No tool of yours fits. Try other words, or report what is missing with report_missing_capability."));
    }

    private static string? FindFault(Arguments arguments) => arguments switch
    {
        { Query: null, Names: null } => "give 'query', what you want to do, or 'names'.",
        { Query: not null, Names: not null } => "give 'query' or 'names', not both.",
        { Names: { Count: 0 or > MostNames } } => $"'names' must hold 1 to {MostNames} names.",
        { Names: { } names } when names.Contains(null!) => "'names' must hold texts alone.",
        { Query.Length: > LongestQuery } => $"'query' must have at most {LongestQuery} characters.",
        { Query: { } query } when SearchWords.Of(query).Count == 0 => "'query' must hold a word.",
        { Limit: < 1 or > MostTools } => $"'limit' must be 1 to {MostTools}.",
        _ => null,
    };

    /// <summary>A tool that is not there and one that the caller may not see are answered alike.</summary>
    private static BuiltinResult.Value ByName(CatalogView view, IReadOnlyList<string> names)
    {
        var wanted = names.Distinct(StringComparer.Ordinal).ToList();
        var known = view.Of(CatalogKind.Tool).Concat(view.SearchTools).Where(tool => wanted.Contains(tool.PublicName)).ToDictionary(tool => tool.PublicName, StringComparer.Ordinal);
        return Answer(new Answered(
            [.. wanted.Where(known.ContainsKey).Select(name => Read(known[name]))], [.. wanted.Where(name => !known.ContainsKey(name))], null));
    }

    private static JsonElement Read(CatalogItem tool) => JsonDocument.Parse(tool.Json).RootElement;

    /// <summary>The arguments.</summary>
    internal sealed record Arguments(
        [property: Description("What you want to do, in a few words: 'send a message to the team'.")] string? Query = null,
        [property: Description("Names of tools whose definitions you want.")] IReadOnlyList<string>? Names = null,
        [property: Description("Most tools to find for a query, 1 to 20.")] int Limit = 5);

    /// <summary>The answer.</summary>
    internal sealed record Answered(
        [property: Description("MCP tools: name, description, inputSchema and what else their apps say of them; the best first.")] IReadOnlyList<JsonElement> Tools,
        [property: Description("Of the names asked for, those that are none of your tools.")] IReadOnlyList<string> Unknown,
        [property: Description("What to do when nothing was found; null when something was.")] string? Note);
}
