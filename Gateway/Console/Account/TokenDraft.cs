using System.Globalization;
using Cortex.Foundation.Model;
using Cortex.Identity.Callers.PersonalTokens;

namespace Cortex.Console.Account;

/// <summary>What stands in the form for a new token. Public because components are.</summary>
/// <param name="Name">The name as typed.</param>
/// <param name="Days">The days as typed.</param>
/// <param name="Ticked">The ticked scopes; null before the form was sent, when all are ticked.</param>
/// <param name="Error">What was wrong with the form; null for nothing.</param>
public sealed record TokenDraft(string Name, string Days, IReadOnlyList<string>? Ticked, string? Error)
{
    public const string NameField = "name";
    public const string DaysField = "days";
    public const string ScopeField = "scope";

    internal static TokenDraft Read(IFormCollection form) => new(
        form[NameField].ToString(), form[DaysField].ToString(), [.. form[ScopeField].OfType<string>()], null);

    internal PersonalTokenWish ToWish() => new(
        Name,
        ScopeSet.ParseLenient(string.Join(' ', Ticked ?? [])),
        int.TryParse(Days, NumberStyles.None, CultureInfo.InvariantCulture, out var days) ? days : null);
}
