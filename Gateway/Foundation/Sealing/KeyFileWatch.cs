using System.Data.Common;

namespace Cortex.Foundation.Sealing;

/// <summary>
/// Follows the key file while the gateway serves, so that a key can be added, promoted and dropped at every replica without a restart. A ring
/// that lacks a key which is still needed is not taken: the keys at hand stay.
/// </summary>
internal sealed partial class KeyFileWatch(
    KeyRing ring, KeyFile file, VaultOptions options, IEnumerable<ISealedRecords> records, TimeProvider time, ILogger<KeyFileWatch> logger) : BackgroundService
{
    /// <summary>A change is taken over within this time.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private string? _refused;

    /// <summary>One look.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (file.Find() is not { } keys || IsSame(keys))
                return;
            var ids = keys.Select(key => key.Id).ToHashSet(StringComparer.Ordinal);
            foreach (var some in records)
            {
                if ((await some.CountAsync(cancellationToken)).Keys.FirstOrDefault(id => ring.Find(id) is not null && !ids.Contains(id)) is { } missing)
                {
                    Refuse($"{some.What} are still sealed under the key '{missing}', which it no longer holds");
                    return;
                }
            }

            ring.Load(keys);
            _refused = null;
            Log.Loaded(logger, keys.Count, keys[0].Id);
        }
        catch (Exception exception) when (exception is SealingException or DbException)
        {
            Refuse(exception.Message);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Keys.Count > 0)
            return;
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await LookAsync(stoppingToken);
    }

    private bool IsSame(IReadOnlyList<SealingKey> keys) =>
        keys.Count == ring.All.Count && keys.Zip(ring.All).All(pair => pair.First.Id == pair.Second.Id && pair.First.Material.SequenceEqual(pair.Second.Material));

    private void Refuse(string reason)
    {
        if (_refused == reason)
            return;
        _refused = reason;
        Log.Refused(logger, file.Path, reason);
    }

    private static partial class Log
    {
        [LoggerMessage(1220, LogLevel.Information, "Took over the key file: {Count} keys, '{KeyId}' seals", EventName = "keyfile.loaded")]
        public static partial void Loaded(ILogger logger, int count, string keyId);

        [LoggerMessage(1221, LogLevel.Error, "The key file {Path} was changed and is not taken over, the keys at hand stay: {Reason}", EventName = "keyfile.refused")]
        public static partial void Refused(ILogger logger, string path, string reason);
    }
}
