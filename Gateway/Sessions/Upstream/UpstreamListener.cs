using Cortex.Backends;
using Cortex.Foundation.Model;
using Cortex.Identity.Credentials;
using Yarp.ReverseProxy;

namespace Cortex.Sessions.Upstream;

/// <summary>
/// Listens to native servers, and comes back after every break: with a pause that doubles up to <see cref="LongestPause"/> while a server fails, and is never
/// shorter than the server asks for. A server that has no such streams is let be.
/// </summary>
internal sealed partial class UpstreamListener(IProxyStateLookup proxy, UpstreamHandshake handshake, TimeProvider time, ILogger<UpstreamListener> logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(5);

    /// <summary>A connection that lasted so long was a good one: the next pause is short again.</summary>
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(10);

    /// <summary>Listens until cancelled, or until the server refuses; never throws.</summary>
    /// <param name="wish">What is to be heard of whom.</param>
    /// <param name="tell">Gets each notice; must not block.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task ListenAsync(UpstreamListening wish, Action<UpstreamNotice> tell, CancellationToken cancellationToken)
    {
        using var http = new HttpClient(new ClusterHandler(proxy, wish.Backend.Id.Value, long.MaxValue)) { Timeout = Timeout.InfiniteTimeSpan };
        await using UpstreamChannel channel = wish.Version.Era == Era.Modern
            ? new ModernChannel(http, wish)
            : new LegacyChannel(proxy, handshake, wish, time);
        var memory = new Memory(tell);
        var pause = FirstPause;
        while (!cancellationToken.IsCancellationRequested)
        {
            var startedAt = time.GetTimestamp();
            var end = await ConnectAsync(channel, wish, memory.Take, cancellationToken);
            if (end is null)
                return;
            if (end is UpstreamListeningEnd.Refused refused)
            {
                Log.Refused(logger, wish.Backend.Id.Value, refused.Reason);
                return;
            }

            if (end is UpstreamListeningEnd.Failed failed)
                Log.Failed(logger, wish.Backend.Id.Value, failed.Reason);
            memory.MayHaveMissed |= end is not UpstreamListeningEnd.Closed { IsLossless: true };
            if (channel.WasAccepted && time.GetElapsedTime(startedAt) > Steady)
                pause = FirstPause;
            var rest = channel.Retry is { } retry && retry > pause ? Shorter(retry, LongestRetry) : pause;
            pause = Shorter(pause * 2, LongestPause);
            await Task.Delay(Jitter(rest), time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One connection; null when cancelled. It is renewed after the backend's <c>maxDuration</c>, so that a dead one does not stay unnoticed.</summary>
    private async Task<UpstreamListeningEnd?> ConnectAsync(
        UpstreamChannel channel, UpstreamListening wish, Action<UpstreamNotice> tell, CancellationToken cancellationToken)
    {
        using var renewal = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        renewal.CancelAfter(wish.Backend.Options.MaxDuration);
        try
        {
            return await ConnectAsync(channel, wish, await wish.Credential(renewal.Token), tell, renewal.Token);
        }
        catch (OperationCanceledException)
        {
            return cancellationToken.IsCancellationRequested ? null : new UpstreamListeningEnd.Failed("it did not answer in time, or the connection was due for renewal.");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return new UpstreamListeningEnd.Failed(exception.Message);
        }
        catch (Exception exception)
        {
            // Whatever a server sends must not end the loop of its backend, nor the stream of a client.
            Log.Unreadable(logger, wish.Backend.Id.Value, exception);
            return new UpstreamListeningEnd.Failed("it sent something that can't be read.");
        }
    }

    /// <summary>One connection under this credential; where the server refuses it and there is another, under that.</summary>
    private static async Task<UpstreamListeningEnd> ConnectAsync(
        UpstreamChannel channel, UpstreamListening wish, CredentialResult credential, Action<UpstreamNotice> tell, CancellationToken cancellationToken)
    {
        switch (credential)
        {
            case CredentialResult.Granted granted:
                var end = await channel.ConnectAsync(granted, tell, cancellationToken);
                if (end is not UpstreamListeningEnd.CredentialRefused unaccepted)
                    return end;
                return wish.Replace is { } replace && await replace(granted, unaccepted.Refusal, cancellationToken) is { } other
                    ? await ConnectAsync(channel, wish, other, tell, cancellationToken)
                    : new UpstreamListeningEnd.Failed(unaccepted.Reason);
            case CredentialResult.LinkNeeded needed:
                return new UpstreamListeningEnd.Failed(needed.Reason);
            case CredentialResult.Refused refused:
                return new UpstreamListeningEnd.Failed(refused.Reason);
            default:
                throw new InvalidOperationException("Unknown kind of credential.");
        }
    }

    private static TimeSpan Jitter(TimeSpan pause) => pause * (1 + (Random.Shared.NextDouble() * 0.3));

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    /// <summary>Tells a first acceptance from one after a break.</summary>
    private sealed class Memory(Action<UpstreamNotice> tell)
    {
        private bool _wasAccepted;

        public bool MayHaveMissed { get; set; }

        public void Take(UpstreamNotice notice)
        {
            if (notice.Kind != UpstreamNoticeKind.Listening)
            {
                tell(notice);
                return;
            }

            tell(_wasAccepted && MayHaveMissed ? new UpstreamNotice(UpstreamNoticeKind.ListeningAgain) : notice);
            (_wasAccepted, MayHaveMissed) = (true, false);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4301, LogLevel.Information, "Backend '{Backend}' sends no notifications: {Reason}")]
        public static partial void Refused(ILogger logger, string backend, string reason);

        [LoggerMessage(4302, LogLevel.Debug, "Backend '{Backend}': the stream of notifications broke: {Reason}")]
        public static partial void Failed(ILogger logger, string backend, string reason);

        [LoggerMessage(4303, LogLevel.Warning, "Backend '{Backend}' sent a notification that can't be read.")]
        public static partial void Unreadable(ILogger logger, string backend, Exception exception);
    }
}
