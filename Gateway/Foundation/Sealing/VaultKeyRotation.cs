namespace Cortex.Foundation.Sealing;

/// <summary>
/// Changes the key of the vault while any number of replicas serve:
/// 1. a new key is added behind the others, so that every replica can open with it before one seals with it,
/// 2. it is put in front,
/// 3. what other keys have sealed is sealed anew,
/// 4. the other keys are dropped once nothing needs them.
/// Interrupted at any point it goes on where it was. With a key file all of it is done here; keys that stand in the configuration are the
/// operator's to move, and each run says what comes next.
/// </summary>
internal sealed class VaultKeyRotation(KeyRing ring, KeyFile file, VaultOptions options, IEnumerable<ISealedRecords> records, TimeProvider time)
{
    /// <summary>By then every replica has taken over a change of the key file.</summary>
    public static readonly TimeSpan Settling = 3 * KeyFileWatch.Interval;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Reads the ring as a gateway does at its start, but makes no key.</summary>
    /// <exception cref="SealingException">There is no key file, or it can't be read.</exception>
    public void Load()
    {
        if (ring.All.Count == 0)
            ring.Load(file.Find() ?? throw new SealingException($"There is no key file '{file.Path}' yet: the gateway makes it at its first start."));
    }

    /// <summary>How many records each key has sealed, by key and kind; the keys of the ring first, in their order, then those that are missing.</summary>
    public async Task<IReadOnlyList<KeyUse>> ListAsync(CancellationToken cancellationToken)
    {
        var counts = new List<(string What, IReadOnlyDictionary<string, int> ByKey)>();
        foreach (var some in records)
            counts.Add((some.What, await some.CountAsync(cancellationToken)));
        var missing = counts.SelectMany(some => some.ByKey.Keys).Where(id => ring.Find(id) is null).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return
        [
            .. ring.All.Select(key => key.Id).Concat(missing).Select((id, index) => new KeyUse(
                id,
                index == 0,
                ring.Find(id) is not null,
                [.. counts.Where(some => some.ByKey.ContainsKey(id)).Select(some => (some.What, some.ByKey[id]))])),
        ];
    }

    /// <summary>Does what can be done.</summary>
    /// <param name="say">Is told of each step.</param>
    /// <param name="cancellationToken">Stops it; run again, it goes on.</param>
    /// <exception cref="SealingException">The key file can't be written, or a key that is needed is missing.</exception>
    public async Task<RotationResult> RunAsync(Action<string> say, CancellationToken cancellationToken)
    {
        if ((await ListAsync(cancellationToken)).FirstOrDefault(use => !use.IsAtHand) is { } lost)
            throw new SealingException($"The key '{lost.Id}' is not at hand, and {lost.Describe()} are sealed under it. Put it back first; nothing was changed.");
        return options.Keys.Count > 0 ? await AdviseAsync(say, cancellationToken) : await RotateFileAsync(say, cancellationToken);
    }

    private async Task<RotationResult> RotateFileAsync(Action<string> say, CancellationToken cancellationToken)
    {
        if (ring.All is [var only])
        {
            var made = KeyNames.Make(time);
            Put([only, made]);
            say($"1 of 4  added the key '{made.Id}' to {file.Path}");
            await Task.Delay(Settling, time, cancellationToken);
        }

        var wanted = KeyNames.NewestOf(ring.All);
        if (ring.Active.Id != wanted.Id)
        {
            Put([wanted, .. ring.All.Where(key => key.Id != wanted.Id)]);
            await Task.Delay(Settling, time, cancellationToken);
        }

        say($"2 of 4  '{wanted.Id}' seals from now on");
        await ResealAsync(say, cancellationToken);
        var dropped = ring.All.Where(key => key.Id != wanted.Id).Select(key => key.Id).ToArray();
        Put([wanted]);
        say($"4 of 4  dropped {string.Join(", ", dropped)}");
        return RotationResult.Done;
    }

    private async Task<RotationResult> AdviseAsync(Action<string> say, CancellationToken cancellationToken)
    {
        if (ring.All is [_])
        {
            say("1 of 4  add a new key behind the one in vault.keys ('cortex keys new' makes one), restart the replicas one after another, and run this again");
            return RotationResult.YourTurn;
        }

        var wanted = KeyNames.NewestOf(ring.All);
        if (ring.Active.Id != wanted.Id)
        {
            say($"2 of 4  put the key '{wanted.Id}' first in vault.keys, restart the replicas one after another, and run this again");
            return RotationResult.YourTurn;
        }

        await ResealAsync(say, cancellationToken);
        var others = string.Join(", ", ring.All.Skip(1).Select(key => $"'{key.Id}'"));
        say(KeyNames.Tell(ring.All)
            ? $"4 of 4  nothing needs {others} any more: remove from vault.keys, and restart the replicas one after another"
            : $"4 of 4  nothing needs {others}: what is older than '{ring.Active.Id}' can be removed from vault.keys; what is newer goes in front of it. Then restart the replicas one after another");
        return RotationResult.YourTurn;
    }

    /// <summary>Until nothing is sealed under another key, and still nothing is when every replica seals with the new one.</summary>
    private async Task ResealAsync(Action<string> say, CancellationToken cancellationToken)
    {
        for (var isSettled = false; ;)
        {
            foreach (var some in records)
                await some.ResealAsync(cancellationToken);
            var left = (await ListAsync(cancellationToken)).Skip(1).Where(use => use.Counts.Count > 0).ToArray();
            if (left.Length == 0 && isSettled)
                break;
            if (left.Length > 0)
                say($"3 of 4  to be sealed anew: {string.Join("; ", left.Select(use => $"{use.Describe()} of '{use.Id}'"))}");
            isSettled = left.Length == 0;
            await Task.Delay(isSettled ? Settling : Pause, time, cancellationToken);
        }

        say($"3 of 4  everything is sealed under '{ring.Active.Id}'");
    }

    private void Put(IReadOnlyList<SealingKey> keys)
    {
        file.Replace(keys);
        ring.Load(keys);
    }
}

/// <summary>How a rotation stands.</summary>
internal enum RotationResult
{
    /// <summary>Only the new key is left.</summary>
    Done,

    /// <summary>The operator changes the configuration next.</summary>
    YourTurn,
}

/// <summary>What a key is needed for.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Seals">True for the one that seals.</param>
/// <param name="IsAtHand">False when records need it and the ring lacks it.</param>
/// <param name="Counts">How many of what it has sealed.</param>
internal sealed record KeyUse(string Id, bool Seals, bool IsAtHand, IReadOnlyList<(string What, int Count)> Counts)
{
    public string Describe() => Counts.Count == 0 ? "nothing" : string.Join(", ", Counts.Select(count => $"{count.Count} {count.What}"));
}
