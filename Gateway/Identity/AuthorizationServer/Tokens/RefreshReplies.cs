using System.Text.Json;
using Cortex.Foundation.Sealing;
using Cortex.Foundation.Storage;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Server;

namespace Cortex.Identity.AuthorizationServer.Tokens;

/// <summary>
/// What refresh tokens were answered with, sealed and kept for the leeway alone: a client whose reply was lost, or that refreshes from
/// several processes at once, gets the same tokens again instead of a second branch of the grant.
/// </summary>
internal sealed class RefreshReplies(ISharedState state, Sealer sealer, IOptionsMonitor<OpenIddictServerOptions> options)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    /// <summary>Keeps an answer. Call it before the use of the token becomes visible, so that whoever comes second finds it.</summary>
    public async ValueTask KeepAsync(RefreshUse use, OpenIddictResponse reply, CancellationToken cancellationToken)
    {
        if (options.CurrentValue.RefreshTokenReuseLeeway is not { } leeway || leeway < Shortest)
            return;
        var json = JsonSerializer.SerializeToUtf8Bytes(reply);
        await state.SetAsync(KeyOf(use), sealer.Seal(json, AssociatedData(use)), leeway, cancellationToken);
    }

    /// <summary>The answer to this very request as JSON; null when there is none any more, or the request was another.</summary>
    public async ValueTask<byte[]?> FindAsync(RefreshUse use, CancellationToken cancellationToken) =>
        await state.FindAsync(KeyOf(use), cancellationToken) is { } kept ? sealer.TryOpen(kept, AssociatedData(use)) : null;

    private static string KeyOf(RefreshUse use) => $"refresh-reply:{use.TokenId}";

    private static string AssociatedData(RefreshUse use) => $"refresh-reply/{use.TokenId}/{use.ClientId}/{use.Scope}/{use.Resource}";
}
