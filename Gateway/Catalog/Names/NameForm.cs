using Cortex.Backends;

namespace Cortex.Catalog.Names;

/// <summary>
/// The names that a tool or prompt may get, by the backend's settings, best first. Each fits all clients: other characters than
/// <c>[A-Za-z0-9_-]</c> become <c>_</c>, and what is too long is cut and ends in a tail made of whose it is, the same wherever and whenever it is made. Pure.
/// </summary>
internal static class NameForm
{
    /// <summary>Longest name that all clients take, with whatever they put before it.</summary>
    public const int MaxLength = 64;

    /// <summary>The settings that decide, as one text: under the same text the same owner gets the same candidates.</summary>
    public static string Of(BackendDefinition backend, string name, int maxLength) =>
        $"{backend.Options.Names}|{backend.Prefix}|{AliasOf(backend, name)}|{maxLength}";

    /// <summary>The candidates; the last ones nobody else can want.</summary>
    public static IEnumerable<string> Candidates(BackendDefinition backend, NameOwner owner, int maxLength)
    {
        var plain = owner.Name;
        var prefixed = $"{(backend.Prefix.Length == 0 ? backend.Id.Value : backend.Prefix)}_{plain}";
        if (AliasOf(backend, plain) is { } alias)
            yield return Fit(alias, owner, maxLength);
        if (backend.Options.Names != NamePolicy.Always || backend.Prefix.Length == 0)
            yield return Fit(plain, owner, maxLength);
        if (backend.Options.Names != NamePolicy.Never)
            yield return Fit(prefixed, owner, maxLength);
        var lasting = backend.Options.Names == NamePolicy.Never ? plain : prefixed;
        for (var digits = NameTail.Length; digits <= NameTail.MaxLength; digits *= 2)
            yield return NameTail.Append(Clean(lasting), owner, digits, maxLength);
    }

    private static string? AliasOf(BackendDefinition backend, string name) => backend.Options.Aliases.GetValueOrDefault(name);

    private static string Fit(string name, NameOwner owner, int maxLength) =>
        name.Length <= maxLength ? Clean(name) : NameTail.Append(Clean(name), owner, NameTail.Length, maxLength);

    private static string Clean(string name) => string.Create(name.Length, name, static (target, source) =>
    {
        for (var i = 0; i < source.Length; i++)
            target[i] = char.IsAsciiLetterOrDigit(source[i]) || source[i] is '_' or '-' ? source[i] : '_';
    });
}
