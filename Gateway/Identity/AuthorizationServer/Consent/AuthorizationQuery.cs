using Cortex.Identity.AuthorizationServer.SignIn;
using Microsoft.Extensions.Primitives;

namespace Cortex.Identity.AuthorizationServer.Consent;

/// <summary>
/// The parameters of an authorization request as the client sent them, to carry through sign-in and consent. They are never trusted on the
/// way back: OpenIddict validates the whole request again.
/// </summary>
internal sealed class AuthorizationQuery
{
    private static readonly HashSet<string> Own = new(StringComparer.Ordinal) { ConsentForm.Decision, ConsentForm.Keep, ConsentForm.Shown };

    private readonly string? _decision;

    private AuthorizationQuery(IReadOnlyList<KeyValuePair<string, string>> parameters, string? decision, string? seal, IReadOnlyList<string> kept)
    {
        Parameters = parameters;
        Kept = kept;
        Seal = seal;
        _decision = decision;
    }

    public IReadOnlyList<KeyValuePair<string, string>> Parameters { get; }

    /// <summary>The ticked scopes of a consent form.</summary>
    public IReadOnlyList<string> Kept { get; }

    /// <summary>What the consent page showed, for <see cref="ConsentSeal"/>; null when this is no consent form.</summary>
    public string? Seal { get; }

    /// <summary>True when this is a consent form coming back, not a client's request.</summary>
    public bool IsDecision => _decision is not null;

    public bool IsAllowed => _decision == ConsentForm.Allow;

    /// <summary>The same request as an address of this gateway, to return to after signing in. A wish for a new sign-in is met by then.</summary>
    public ReturnUrl ReturnUrl => ReturnUrl.ParseOrDefault(ServerPaths.Authorize + QueryString.Create(
        Parameters
            .Where(parameter => parameter is not { Key: "prompt", Value: not "consent" })
            .Select(parameter => KeyValuePair.Create(parameter.Key, (string?)parameter.Value))));

    public static async Task<AuthorizationQuery> ReadAsync(HttpRequest request, string tokenField, CancellationToken cancellationToken)
    {
        IEnumerable<KeyValuePair<string, StringValues>> raw = request.HasFormContentType
            ? await request.ReadFormAsync(cancellationToken)
            : request.Query;
        var all = raw.ToArray();
        var parameters = all
            .Where(parameter => !Own.Contains(parameter.Key) && parameter.Key != tokenField)
            .SelectMany(parameter => parameter.Value.Select(value => KeyValuePair.Create(parameter.Key, value ?? "")))
            .ToArray();
        return new AuthorizationQuery(parameters, Last(ConsentForm.Decision), Last(ConsentForm.Shown), [.. Values(ConsentForm.Keep)]);

        string? Last(string name) => request.HasFormContentType ? Values(name).LastOrDefault() : null;

        IEnumerable<string> Values(string name) =>
            all.Where(parameter => parameter.Key == name).SelectMany(parameter => parameter.Value).OfType<string>();
    }
}
