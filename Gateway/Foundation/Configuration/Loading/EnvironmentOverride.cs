namespace Cortex.Foundation.Configuration.Loading;

/// <summary>One variable such as <c>CORTEX__gateway__publicUrl</c>.</summary>
/// <param name="Name">The variable, as set.</param>
/// <param name="Segments">The path below the root: keys in any case, numbers for list items.</param>
/// <param name="Value">Its value; empty puts the key back to its default.</param>
internal sealed record EnvironmentOverride(string Name, IReadOnlyList<string> Segments, string Value)
{
    private const string Prefix = "CORTEX__";

    public Origin Origin { get; } = new Origin.Variable(Name);

    /// <summary>Every override in <paramref name="environment"/>, list items in the order of their numbers.</summary>
    public static IReadOnlyList<EnvironmentOverride> Among(IReadOnlyDictionary<string, string?> environment) =>
    [
        .. from variable in environment
           where variable.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && variable.Value is not null
           orderby variable.Key.Count(c => c == '_'), variable.Key.Length, variable.Key
           select new EnvironmentOverride(variable.Key, variable.Key[Prefix.Length..].Split("__"), variable.Value),
    ];
}
