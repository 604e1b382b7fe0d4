using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Cortex.Identity.Callers.Issuers;

/// <summary>
/// A claim by its name or, when no claim has that whole name, by a path of names with dots between them into nested objects. Names with dots of
/// their own, such as <c>https://example.com/roles</c>, are found whole.
/// </summary>
internal static class ClaimPath
{
    /// <summary>The one text of a claim, under the rules of <see cref="TokenClaims.Text"/>.</summary>
    public static string? Text(JsonWebToken token, string path, int maxLength = 512)
    {
        if (token.Claims.Any(claim => claim.Type == path))
            return TokenClaims.Text(token, path, maxLength);
        return Find(token, path) is { ValueKind: JsonValueKind.String } found && found.GetString() is { Length: > 0 } text && text.Length <= maxLength && !text.Any(char.IsControl)
            ? text
            : null;
    }

    /// <summary>All texts of a claim: its own, or those of the array that it is.</summary>
    public static IEnumerable<string> Values(JsonWebToken token, string path)
    {
        var whole = token.Claims.Where(claim => claim.Type == path).Select(claim => claim.Value).ToArray();
        if (whole.Length > 0)
            return whole;
        return Find(token, path) switch
        {
            { ValueKind: JsonValueKind.String } text => [text.GetString()!],
            { ValueKind: JsonValueKind.Array } list => list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!),
            _ => [],
        };
    }

    private static JsonElement? Find(JsonWebToken token, string path)
    {
        var names = path.Split('.');
        if (names.Length == 1 || !token.TryGetPayloadValue<JsonElement>(names[0], out var element))
            return null;
        foreach (var name in names.Skip(1))
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
                return null;
        }

        return element;
    }
}
