using Cortex.Backends;
using Cortex.Backends.Discovery;
using Cortex.Catalog.Names;
using Cortex.Catalog.Search;
using Cortex.Foundation.Configuration;
using Cortex.Foundation.Model;

namespace Cortex.Catalog.Toolsets;

/// <summary>Checks <c>toolsets:</c> beyond its types: names, patterns, backends that there are, and that each toolset says something.</summary>
internal static class ToolsetsValidation
{
    /// <summary>Longest instructions: agents read them in every session.</summary>
    private const int MaxInstructions = 4000;

    private const int MaxUriPattern = 2048;

    public static void Validate(ToolsetsOptions toolsets, SectionValidation validation)
    {
        var backends = toolsets.Count == 0 ? [] : validation.Other<BackendsOptions>();
        foreach (var (name, options) in toolsets)
        {
            var path = $"toolsets.{name}";
            if (!ToolsetId.TryParse(name, out _))
                validation.Error(path, $"'{name}' is not a toolset name", "use 1 to 32 of a-z, 0-9, '-' and '_', starting with a letter: it ends the address /mcp/<name>");
            if (SaysNothing(options))
                validation.Error(path, "the toolset chooses nothing and changes nothing, so that it is /mcp itself", "give it backends, tools, prompts, resources or scopes");
            ValidateBackends($"{path}.backends", options.Backends, backends, validation);
            ValidatePatterns($"{path}.tools", options.Tools, IsNamePattern, "write a public name such as notes_search, or a pattern such as notes_*", validation);
            ValidatePatterns($"{path}.prompts", options.Prompts, IsNamePattern, "write a public name, or a pattern such as notes_*", validation);
            ValidatePatterns($"{path}.resources", options.Resources, IsUriPattern, "write a URI, or a pattern such as notes://*", validation);
            ValidateScopes($"{path}.scopes", options.Scopes, validation);
            ValidateListing(path, options, validation);
            if (options.Instructions?.Length > MaxInstructions)
                validation.Error($"{path}.instructions", $"the text has {options.Instructions.Length} characters", $"write at most {MaxInstructions}: agents read it in every session");
        }
    }

    private static bool SaysNothing(ToolsetOptions options) =>
        options is { Backends.Count: 0, Scopes.Count: 0, ToolMode: null, Pinned.Count: 0, Builtins: true, Instructions: null }
        && new[] { options.Tools, options.Prompts, options.Resources }.All(patterns => patterns is { Include.Count: 0, Exclude.Count: 0 });

    /// <summary>A backend may come from an included file or from the cluster: there, its absence must not hurt the main file.</summary>
    private static void ValidateBackends(string path, IReadOnlyList<string> names, BackendsOptions backends, SectionValidation validation)
    {
        var mayComeFromElsewhere = validation.HasIncludes || validation.Other<DiscoveryOptions>().Kubernetes.Enabled;
        for (var i = 0; i < names.Count; i++)
        {
            if (!BackendId.TryParse(names[i], out _))
                validation.Error($"{path}[{i}]", $"'{names[i]}' is not a backend name", "write the name of a backend");
            else if (!backends.ContainsKey(names[i]) && !mayComeFromElsewhere)
                validation.Error($"{path}[{i}]", $"there is no backend '{names[i]}'", backends.Count == 0 ? "add it below backends" : $"write one of {string.Join(", ", backends.Keys.Order(StringComparer.Ordinal))}");
        }
    }

    private static void ValidatePatterns(string path, PatternOptions patterns, Func<string, bool> isPattern, string mend, SectionValidation validation)
    {
        Each("include", patterns.Include);
        Each("exclude", patterns.Exclude);
        if (patterns.Include.Count > 0 && patterns.Include.All(patterns.Exclude.Contains))
            validation.Error(path, "everything that is included is excluded, so that nothing is left", "remove it from one of the two");

        void Each(string key, IReadOnlyList<string> some)
        {
            for (var i = 0; i < some.Count; i++)
            {
                if (!isPattern(some[i]))
                    validation.Error($"{path}.{key}[{i}]", $"'{some[i]}' can match nothing", mend);
            }
        }
    }

    private static void ValidateScopes(string path, IReadOnlyList<string> scopes, SectionValidation validation)
    {
        for (var i = 0; i < scopes.Count; i++)
        {
            if (!Scope.TryParse(scopes[i], out var scope) || scope.IsReserved)
                validation.Error($"{path}[{i}]", $"'{scopes[i]}' is no scope of a tool", "write a scope such as mcp:notes:read, or a pattern such as mcp:*:read");
        }
    }

    private static void ValidateListing(string path, ToolsetOptions options, SectionValidation validation)
    {
        if (options is { ToolMode: ToolMode.Search, Builtins: false })
            validation.Error($"{path}.toolMode", "nothing can be searched without the builtins find_tools and call_tool", "leave builtins out, or toolMode");
        for (var i = 0; i < options.Pinned.Count; i++)
        {
            if (!IsNamePattern(options.Pinned[i]))
                validation.Error($"{path}.pinned[{i}]", $"'{options.Pinned[i]}' can match nothing", "write a public name, or a pattern such as notes_*");
        }
    }

    private static bool IsNamePattern(string text) =>
        text.Length is >= 1 and <= NameForm.MaxLength && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '*');

    private static bool IsUriPattern(string text) =>
        text.Length is >= 1 and <= MaxUriPattern && !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c));
}
