using Cortex.Foundation.Sealing;
using Cortex.Identity.Callers;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cortex.Console.Operators;

/// <summary><c>/api/admin/keys</c>: what signs tokens. The keys themselves never leave.</summary>
internal static class KeyEndpoints
{
    public static void Map(RouteGroupBuilder api) => api.MapGet("/keys", List).WithTags("keys")
        .ForOperators(AdminScopes.ToRead(AdminScopes.Keys), "The keys that sign tokens, newest first");

    private static Ok<IReadOnlyList<KeyView>> List(SigningKeys keys) => TypedResults.Ok<IReadOnlyList<KeyView>>(
        [.. Enum.GetValues<KeyPurpose>().SelectMany(purpose => keys.All(purpose).Select(key => new KeyView(
            key.KeyId,
            purpose == KeyPurpose.Issuer ? "issuer" : "identity",
            key == keys.Active(purpose) ? "active" : "retired",
            key.CreatedAt)))]);
}

/// <summary>A key.</summary>
/// <param name="Purpose"><c>issuer</c>: tokens of the authorization server; <c>identity</c>: tokens for backends.</param>
/// <param name="State"><c>active</c>: it signs; <c>retired</c>: what it signed still counts.</param>
internal sealed record KeyView(string Kid, string Purpose, string State, DateTimeOffset CreatedAt);
