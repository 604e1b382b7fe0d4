using Cortex.Catalog.Names;
using Cortex.Foundation.Configuration;

namespace Cortex.Catalog.Search;

/// <summary>
/// The root key <c>search:</c>: when <c>tools/list</c> is cut down to be searched with <c>find_tools</c>. Empty: for callers alone that ask for it with the
/// header <c>X-Cortex-Tool-Mode: search</c>.
/// </summary>
internal sealed class SearchOptions
{
    /// <summary>The list is cut down for callers who see more tools than this; unset: the number does not count.</summary>
    public int? AboveTools { get; init; }

    /// <summary>The list is cut down where the whole one would take more tokens than this, at four bytes a token; unset: the size does not count.</summary>
    public int? AboveTokens { get; init; }

    /// <summary>Tools that are listed whole all the same: public names, in which <c>*</c> stands for any run of characters.</summary>
    public IReadOnlyList<string> Pinned { get; init; } = [];

    internal static ConfigurationSection Section { get; } = new ConfigurationSection<SearchOptions>("search", (search, validation) =>
    {
        if (search.AboveTools < 0)
            validation.Error("search.aboveTools", $"{search.AboveTools} is out of range", "write 0 or more, or leave it out");
        if (search.AboveTokens < 0)
            validation.Error("search.aboveTokens", $"{search.AboveTokens} is out of range", "write 0 or more, or leave it out");
        for (var i = 0; i < search.Pinned.Count; i++)
        {
            if (search.Pinned[i].Length is 0 or > NameForm.MaxLength)
                validation.Error($"search.pinned[{i}]", "this is no name of a tool", $"write a public name or a pattern of at most {NameForm.MaxLength} characters");
        }
    });
}
