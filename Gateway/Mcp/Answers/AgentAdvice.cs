using Cortex.Backends.Contract;
using Cortex.Catalog;
using Cortex.Foundation.Model;

namespace Cortex.Mcp.Answers;

/// <summary>
/// The <c>instructions</c> of <c>initialize</c> and <c>server/discover</c>: what the toolset has to say, then how to use this endpoint, with the help tools that this
/// caller may call by their public names, then what native servers say of themselves. Pure.
/// </summary>
internal static class AgentAdvice
{
    /// <summary>Names that are told; agents read these words in every session.</summary>
    private const int MaxNames = 20;

    private const string General =
        "This endpoint federates several apps. Tool names start with the app's name. Every call is made as the signed-in person, with that person's own permissions. "
        + "A refusal says whether a scope is missing or the app itself said no.";

    private const string WithoutHelp = " Where an app offers <app>_get_help(topic?), prefer it over guessing how the app works.";

    /// <summary>The advice for a caller with these effective scopes who sees this catalog.</summary>
    public static string For(CatalogSnapshot catalog, ScopeSet scopes)
    {
        var view = catalog.ViewFor(scopes);
        var own = catalog.Toolset?.Instructions is { Length: > 0 } text ? text.TrimEnd() + "\n\n" : "";
        return own + General + HelpIn(view) + AppInstructions.Of(catalog, view);
    }

    private static string HelpIn(CatalogView view)
    {
        string[] names = [.. view.Of(CatalogKind.Tool)
            .Where(tool => tool is { OriginalName: ContractMethods.GetHelp, Backend.IsGateway: false })
            .Select(tool => tool.PublicName)];
        if (names.Length == 0)
            return WithoutHelp;
        var more = names.Length > MaxNames ? $" and {names.Length - MaxNames} more, whose names end in get_help" : "";
        return " Apps explain themselves: before you first use one, and whenever its words or order of steps are unclear, prefer its help over guessing: "
            + $"{string.Join(", ", names.Take(MaxNames).Select(name => $"{name}(topic?)"))}{more}. Without a topic it gives an overview; customary topics are {HelpTopics.Text}.";
    }
}
