namespace Cortex.Identity.Linking;

/// <summary>
/// What a provider sent the browser back with (<see href="https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2">RFC 6749</see>,
/// <see href="https://www.rfc-editor.org/rfc/rfc9207#section-2">RFC 9207</see>). Null where it is absent, empty or given more than once.
/// </summary>
/// <param name="State">What names the way that led there.</param>
/// <param name="Issuer">Who says that they answer.</param>
/// <param name="Code">To be redeemed.</param>
/// <param name="Error">A refusal.</param>
/// <param name="IsTwofold">True when a parameter is given more than once, so that two readers could read two answers.</param>
internal sealed record LinkAnswer(string? State, string? Issuer, string? Code, string? Error, bool IsTwofold)
{
    public static LinkAnswer Read(IQueryCollection query) => new(
        One(query, "state"), One(query, "iss"), One(query, "code"), One(query, "error"), query.Any(parameter => parameter.Value.Count > 1));

    public override string ToString() => "***";

    private static string? One(IQueryCollection query, string name) => query[name] is [{ Length: > 0 } value] ? value : null;
}
