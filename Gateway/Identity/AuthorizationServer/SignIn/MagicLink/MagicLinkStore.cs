using System.Text;
using Cortex.Foundation.Sealing;
using Cortex.Foundation.Storage;
using Dapper;

namespace Cortex.Identity.AuthorizationServer.SignIn.MagicLink;

/// <summary>
/// The links that can still be used: the table <c>magic_links</c>. A row holds the hash of the token, and who signs in by it sealed under that hash,
/// so that whoever reads the database can't use a link and whoever writes to it can't make one. Thread-safe.
/// </summary>
internal sealed class MagicLinkStore(Database database, Sealer sealer, TimeProvider time)
{
    /// <summary>How long a link can be used.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    /// <summary>Makes a link, and removes those that ended.</summary>
    public async Task<MagicLinkToken> AddAsync(PendingSignIn pending, CancellationToken cancellationToken)
    {
        var token = MagicLinkToken.New();
        var now = time.GetUtcNow();
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            DELETE FROM magic_links WHERE expires_at <= @Now;
            INSERT INTO magic_links (token_hash, expires_at, sealed) VALUES (@Hash, @End, @Sealed);
            """,
            new
            {
                Now = now.ToUnixTimeMilliseconds(),
                token.Hash,
                End = (now + Lifetime).ToUnixTimeMilliseconds(),
                Sealed = sealer.Seal(Encoding.UTF8.GetBytes(pending.Write()), AssociatedData(token)),
            },
            cancellationToken: cancellationToken));
        return token;
    }

    /// <summary>What the link stands for, which it still does afterwards; null when it was used, ended, or never was.</summary>
    public async Task<PendingSignIn?> FindAsync(MagicLinkToken token, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return Open(token, await connection.QuerySingleOrDefaultAsync<byte[]>(new CommandDefinition(
            "SELECT sealed FROM magic_links WHERE token_hash = @Hash AND expires_at > @Now",
            new { token.Hash, Now = time.GetUtcNow().ToUnixTimeMilliseconds() },
            cancellationToken: cancellationToken)));
    }

    /// <summary>As <see cref="FindAsync"/>, and uses the link up: of any number of takers, at any replica, one gets it.</summary>
    public async Task<PendingSignIn?> TakeAsync(MagicLinkToken token, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return Open(token, await connection.QuerySingleOrDefaultAsync<byte[]>(new CommandDefinition(
            "DELETE FROM magic_links WHERE token_hash = @Hash AND expires_at > @Now RETURNING sealed",
            new { token.Hash, Now = time.GetUtcNow().ToUnixTimeMilliseconds() },
            cancellationToken: cancellationToken)));
    }

    private static string AssociatedData(MagicLinkToken token) => $"magic-link/{token.Hash}";

    private PendingSignIn? Open(MagicLinkToken token, byte[]? record) =>
        record is not null && sealer.TryOpen(record, AssociatedData(token)) is { } opened
            ? PendingSignIn.TryRead(Encoding.UTF8.GetString(opened))
            : null;
}
