using Cortex.Foundation.Model;
using Cortex.Foundation.Sealing;

namespace Cortex.Identity.AuthorizationServer.Consent;

/// <summary>
/// Binds the form of a consent page to what the page showed: to whom, which client, where the answer goes, which scopes. A form whose request was
/// changed on its way can't grant what nobody saw.
/// </summary>
internal sealed class ConsentSeal(Sealer sealer)
{
    public string Seal(ConsentQuestion question) => sealer.SealText(question.Scopes.ToString(), Bind(question));

    /// <summary>The scopes that the page showed; null when the page put another question.</summary>
    public ScopeSet? FindShown(ConsentQuestion question, string? seal) =>
        seal is not null && sealer.TryOpenText(seal, Bind(question)) is { } shown ? ScopeSet.ParseLenient(shown) : null;

    private static string Bind(ConsentQuestion question) => $"consent/{question.Person.Id}/{question.ClientId}/{question.RedirectUri}";
}
