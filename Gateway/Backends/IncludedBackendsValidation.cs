using Cortex.Foundation.Configuration;

namespace Cortex.Backends;

/// <summary>
/// Checks what an included file or a discovery adds against all other backends. Its author may run a backend of their own, and must not come by what is meant for
/// another: the callers' own tokens, tokens minted for another backend, calls of another backend's tools.
/// </summary>
internal static class IncludedBackendsValidation
{
    /// <summary>Checks backends that are valid each by itself.</summary>
    public static void Validate(BackendsOptions backends, SectionValidation validation)
    {
        var all = BackendSnapshot.Of(backends).All.ToLookup(backend => validation.Added.Contains(backend.Id.Value));
        foreach (var added in all[true])
        {
            if (added.Auth == BackendAuth.Forward)
                validation.Error($"backends.{added.Id}.auth", "only a backend of the main file may have the callers' own tokens sent to it", "use userToken, or let an operator move the backend to the main file");
            if (added is { Auth: BackendAuth.Exchange, Options.Exchange.Subject: ExchangeSubject.CallerToken })
                validation.Error($"backends.{added.Id}.exchange.subject", "only a backend of the main file may have the callers' own tokens shown to a token endpoint", "use subject: mintedToken, or let an operator move the backend to the main file");
            if (all[false].FirstOrDefault(other => TakesTokensOf(added, other)) is { } robbed)
                validation.Error($"backends.{added.Id}.audience", $"the audience '{added.Audience}' is backend '{robbed.Id}', which is somewhere else", "write the backend's own address");
            if (added.Options.Names != NamePolicy.Always)
                validation.Error($"backends.{added.Id}.names", "tools of a backend outside the main file need their prefix, since they could take any name", "leave names out, or let an operator move the backend to the main file");
            if (added.Options.Aliases.Count > 0)
                validation.Error($"backends.{added.Id}.aliases", "a backend outside the main file may not choose names without its prefix, since they could be another's", "leave aliases out, or let an operator move the backend to the main file");
            if (added.Prefix.Length == 0)
                validation.Error($"backends.{added.Id}.prefix", "tools of a backend outside the main file need a prefix, since they could take any name", "leave the prefix out, or let an operator move the backend to the main file");
            else if (all[false].FirstOrDefault(other => TakesNamesOf(added, other)) is { } hidden)
                validation.Error($"backends.{added.Id}.prefix", $"under the prefix '{added.Prefix}' its tools could take names of backend '{hidden.Id}'", $"choose a prefix that neither begins with '{hidden.Prefix}_' nor is its beginning");
        }
    }

    /// <summary>True when tokens that <paramref name="other"/> or its token endpoint accepts would go where it is not.</summary>
    private static bool TakesTokensOf(BackendDefinition added, BackendDefinition other) =>
        other.Destinations.Select(address => address.ToString()).Append(other.Audience).Append(other.Options.Exchange?.TokenEndpoint ?? "").Any(audience => IsSame(audience, added.Audience))
        && added.Destinations.Select(OriginOf).Except(other.Destinations.Select(OriginOf)).Any();

    private static bool TakesNamesOf(BackendDefinition added, BackendDefinition other) =>
        other.Prefix.Length > 0
        && ($"{added.Prefix}_".StartsWith($"{other.Prefix}_", StringComparison.Ordinal) || $"{other.Prefix}_".StartsWith($"{added.Prefix}_", StringComparison.Ordinal));

    private static bool IsSame(string one, string other) => one.TrimEnd('/').Equals(other.TrimEnd('/'), StringComparison.OrdinalIgnoreCase);

    private static string OriginOf(Uri address) => address.GetLeftPart(UriPartial.Authority);
}
