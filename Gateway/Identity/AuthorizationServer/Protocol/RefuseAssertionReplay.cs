using System.Security.Cryptography;
using System.Text;
using Cortex.Foundation.Storage;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Cortex.Identity.AuthorizationServer.Protocol;

/// <summary>
/// Lets a client assertion prove its client once: its <c>jti</c> is kept, for all replicas, until it ends. One without a <c>jti</c>, or with an
/// end further off than <see cref="LongestLife"/>, is refused.
/// </summary>
internal sealed class RefuseAssertionReplay(ISharedState state, TimeProvider time) : IOpenIddictServerHandler<ProcessAuthenticationContext>
{
    public static readonly TimeSpan LongestLife = TimeSpan.FromHours(1);

    /// <summary>OpenIddict lets an assertion live on for so long after its end.</summary>
    private static readonly TimeSpan Afterlife = TimeSpan.FromMinutes(5);

    /// <summary>Once signature, issuer, audience and client are known to be right.</summary>
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessAuthenticationContext>()
            .UseSingletonHandler<RefuseAssertionReplay>()
            .SetOrder(OpenIddictServerHandlers.ValidateClientSecret.Descriptor.Order + 500)
            .SetType(OpenIddictServerHandlerType.Custom)
            .Build();

    public async ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        if (context.ClientAssertionPrincipal is not { } assertion)
            return;
        var now = time.GetUtcNow();
        if (assertion.GetClaim(Claims.JwtId) is not { Length: > 0 and <= 200 } id || assertion.GetExpirationDate() is not { } end || end > now + LongestLife)
            context.Reject(Errors.InvalidClient, "The assertion needs a jti, and an exp at most an hour away.");
        else if (!await state.TryAddAsync(KeyOf(context.ClientId!, id), "1"u8.ToArray(), LifetimeUntil(end, now), context.CancellationToken))
            context.Reject(Errors.InvalidClient, "The assertion was used before.");
    }

    private static TimeSpan LifetimeUntil(DateTimeOffset end, DateTimeOffset now) => (end > now ? end - now : TimeSpan.Zero) + Afterlife;

    private static string KeyOf(string clientId, string id) =>
        $"client-assertion:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{clientId}\n{id}")))}";
}
