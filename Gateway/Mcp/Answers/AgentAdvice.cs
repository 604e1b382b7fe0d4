using Cortex.Backends.Contract;
using Cortex.Catalog;
using Cortex.Foundation.Model;

namespace Cortex.Mcp.Answers;

/// <summary>The <c>instructions</c> of <c>initialize</c> and <c>server/discover</c>: how to use this endpoint, with the help tools that this caller may call by their public names.</summary>
internal sealed class AgentAdvice(CatalogStore catalog)
{
    /// <summary>Names that are told; agents read these words in every session.</summary>
    private const int MaxNames = 20;

    private const string General =
        "This endpoint federates several apps. Tool names start with the app's name. Every call is made as the signed-in person, with that person's own permissions. "
        + "A refusal says whether a scope is missing or the app itself said no.";

    private const string WithoutHelp = " Where an app offers <app>_get_help(topic?), prefer it over guessing how the app works.";

    /// <summary>The advice for one caller.</summary>
    public string For(Caller caller)
    {
        string[] names = [.. catalog.Current.ViewFor(caller.Scopes).Of(CatalogKind.Tool)
            .Where(tool => tool is { OriginalName: ContractMethods.GetHelp, Backend.IsGateway: false })
            .Select(tool => tool.PublicName)];
        if (names.Length == 0)
            return General + WithoutHelp;
        var more = names.Length > MaxNames ? $" and {names.Length - MaxNames} more, whose names end in get_help" : "";
        return $"{General} Apps explain themselves: before you first use one, and whenever its words or order of steps are unclear, prefer its help over guessing: "
            + $"{string.Join(", ", names.Take(MaxNames).Select(name => $"{name}(topic?)"))}{more}. Without a topic it gives an overview; customary topics are {HelpTopics.Text}.";
    }
}
