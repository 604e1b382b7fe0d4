using System.Text.Json;
using System.Text.Json.Nodes;
using Cortex.Foundation.Model;
using Cortex.Identity.Callers;

namespace Cortex.Identity.AuthorizationServer.SignIn.Oidc;

/// <summary>What a provider says of a person: the claims of the ID token, then those of the user info. Set on <see cref="HttpContext.Features"/>.</summary>
/// <param name="token">The payload of the validated ID token.</param>
internal sealed class UpstreamClaims(JsonObject token)
{
    private const int MaxText = 512;
    private const int MaxGroups = 500;

    /// <summary>Adds the user info, whose subject was compared with the token's; what both say counts as the token has it.</summary>
    public void Add(JsonObject userInfo)
    {
        foreach (var (name, value) in userInfo)
            token.TryAdd(name, value?.DeepClone());
    }

    /// <summary>The person's subject; null when the claim holds none, or more than one.</summary>
    public string? FindSubject(ProviderClaimOptions names) => FindTexts(names.Subject).ToArray() is [{ Length: <= 255 } subject] ? subject : null;

    /// <summary>The claims in the gateway's own words.</summary>
    public PersonClaims Map(ProviderClaimOptions names)
    {
        var email = EmailAddress.TryParse(FindText(names.Email), out var address) ? address.Value : null;
        return new PersonClaims(
            email,
            email is not null && IsTrue(names.EmailVerified),
            FindText(names.Name),
            FindText(names.Role),
            FindText(names.Pool),
            GroupSet.Of(FindTexts(names.Groups).Take(MaxGroups)));
    }

    private string? FindText(string? name) => FindTexts(name).FirstOrDefault();

    /// <summary>The texts and numbers of a claim, which may be one or a list.</summary>
    private IEnumerable<string> FindTexts(string? name) => (Find(name) switch
    {
        JsonArray values => values.OfType<JsonValue>(),
        JsonValue value => [value],
        _ => [],
    })
        .Where(value => value.GetValueKind() is JsonValueKind.String or JsonValueKind.Number)
        .Select(value => value.ToString())
        .Where(text => text.Length is > 0 and <= MaxText && !text.Any(char.IsControl));

    private bool IsTrue(string name) => Find(name) is JsonValue value && (value.GetValueKind() == JsonValueKind.True || value.ToString() is "true" or "1");

    /// <summary>The claim of this very name, or else what the path leads to.</summary>
    private JsonNode? Find(string? name)
    {
        if (name is null)
            return null;
        if (token.TryGetPropertyValue(name, out var whole))
            return whole;
        JsonNode? node = token;
        foreach (var part in name.Split('.'))
            node = (node as JsonObject)?[part];
        return node;
    }
}
