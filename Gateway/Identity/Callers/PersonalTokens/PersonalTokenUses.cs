using System.Data.Common;
using System.Threading.Channels;

namespace Cortex.Identity.Callers.PersonalTokens;

/// <summary>
/// Notes when personal access tokens were last used, at most once a minute each, behind the request. What the database does not take is left out:
/// the next use is noted. Thread-safe.
/// </summary>
internal sealed partial class PersonalTokenUses(PersonalTokenStore store, TimeProvider time, ILogger<PersonalTokenUses> logger) : BackgroundService
{
    private const int Remembered = 20_000;
    private const int MaxWaiting = 10_000;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly ExpiringCache<PersonalTokenId, object> _noted = new(Remembered, time);

    private readonly Channel<(PersonalTokenId Id, DateTimeOffset At)> _waiting = Channel.CreateBounded<(PersonalTokenId, DateTimeOffset)>(
        new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest });

    /// <summary>The token was used now. Never waits.</summary>
    public void Note(PersonalTokenId id)
    {
        if (_noted.TryGet(id, out _))
            return;
        var now = time.GetUtcNow();
        _noted.Set(id, _waiting, now + Interval);
        _waiting.Writer.TryWrite((id, now));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var (id, at) in _waiting.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await store.NoteUseAsync(id, at, stoppingToken);
            }
            catch (DbException exception)
            {
                Log.NotNoted(logger, exception);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3030, LogLevel.Warning, "The use of a personal access token could not be noted; the next use is", EventName = "personal_token.use_not_noted")]
        public static partial void NotNoted(ILogger logger, Exception exception);
    }
}
