using Cortex.Foundation.Sealing;
using Cortex.Identity.Callers;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cortex.Console.Operators;

/// <summary><c>/api/admin/keys</c>: what signs tokens, and making the next key before its time. The keys themselves never leave.</summary>
internal static class KeyEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        var keys = api.MapGroup("/keys").WithTags("keys");
        keys.MapGet("/", List).ForOperators(AdminScopes.ToRead(AdminScopes.Keys), "The keys that sign tokens: the active one first, the others newest first");
        keys.MapPost("/{purpose}/rotate", RotateAsync)
            .ForOperators(AdminScopes.Keys, "Makes the next key for issuer, identity or encryption now; it takes over once it has been published for long enough")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static Ok<IReadOnlyList<KeyView>> List(SigningKeys keys) => TypedResults.Ok<IReadOnlyList<KeyView>>(
        [.. Enum.GetValues<KeyPurpose>().SelectMany(purpose => View(keys, purpose))]);

    private static async Task<Results<Ok<IReadOnlyList<KeyView>>, ProblemHttpResult>> RotateAsync(
        string purpose, HttpContext http, SigningKeys keys, KeyRotation rotation, OperatorAudit audit)
    {
        if (KeyKind.All.FirstOrDefault(kind => kind.Purpose == purpose) is not { } kind)
        {
            return TypedResults.Problem(
                $"There are no such keys; there are: {string.Join(", ", KeyKind.All.Select(known => known.Purpose))}.", statusCode: StatusCodes.Status404NotFound);
        }

        var before = StateOf(keys, kind);
        await rotation.RotateAsync(kind, CancellationToken.None);
        await audit.WriteAsync(http, "keys.rotate", purpose, before, StateOf(keys, kind), OperatorJson.Default.KeyState);
        return List(keys);
    }

    private static IEnumerable<KeyView> View(SigningKeys keys, KeyPurpose purpose)
    {
        var active = keys.Active(purpose);
        return keys.All(purpose).Select(key => new KeyView(
            key.KeyId,
            purpose == KeyPurpose.Issuer ? KeyKind.Issuer.Purpose : KeyKind.Identity.Purpose,
            key == active ? "active" : key.CreatedAt > active.CreatedAt ? "next" : "retired",
            key.CreatedAt));
    }

    private static KeyState StateOf(SigningKeys keys, KeyKind kind) => new(
        kind == KeyKind.Encryption
            ? [.. keys.Encryption.Select(key => key.KeyId)]
            : [.. keys.All(kind == KeyKind.Issuer ? KeyPurpose.Issuer : KeyPurpose.Identity).Select(key => key.KeyId)]);
}

/// <summary>A key.</summary>
/// <param name="Purpose"><c>issuer</c>: tokens of the authorization server; <c>identity</c>: tokens for backends.</param>
/// <param name="State"><c>active</c>: it signs; <c>next</c>: it is published and will sign; <c>retired</c>: what it signed still counts.</param>
internal sealed record KeyView(string Kid, string Purpose, string State, DateTimeOffset CreatedAt);

/// <summary>The ids of the keys for one purpose, for the record of a rotation.</summary>
internal sealed record KeyState(IReadOnlyList<string> Kids);
