using System.Diagnostics;
using System.Text;

namespace Cortex.Foundation.Sealing;

/// <summary>
/// The key ring of a gateway whose configuration lists no keys (<see cref="KeyRingText"/>). Made once, with one key; readable by its owner only.
/// </summary>
internal sealed partial class KeyFile(string path, TimeProvider time, ILogger<KeyFile> logger)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private bool _hasWarned;

    public string Path => path;

    /// <summary>The keys, the one that seals first; null when there is no file.</summary>
    /// <exception cref="SealingException">The file can't be read, or does not hold keys.</exception>
    public IReadOnlyList<SealingKey>? Find()
    {
        try
        {
            if (!File.Exists(path))
            {
                return null;
            }

            WarnWhenExposed();
            return KeyRingText.TryRead(File.ReadAllText(path))
                ?? throw new SealingException($"Key file '{path}' does not hold a key. Restore it from a backup; what it sealed can't be read without it.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SealingException($"Key file '{path}' can't be read: {exception.Message}", exception);
        }
    }

    /// <summary>Makes the file with a new key; of several processes that try, one makes it and all get its key.</summary>
    /// <exception cref="SealingException">The file can't be written.</exception>
    public IReadOnlyList<SealingKey> Create()
    {
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            using (WaitForTurn())
            {
                if (!File.Exists(path))
                {
                    Put([KeyNames.Make(time)]);
                    Log.Created(logger, path);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SealingException($"Key file '{path}' can't be made: {exception.Message.TrimEnd('.')}. Make its folder writable, or configure vault.keys.", exception);
        }

        return Find() ?? throw new SealingException($"Key file '{path}' is gone although it was just made.");
    }

    /// <summary>
    /// A lock that other processes keep to as well: moving a file where none is can't be done in one step everywhere, so only one may look and move.
    /// </summary>
    private FileStream WaitForTurn()
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream($"{path}.lock", FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
            }
            catch (IOException) when (Stopwatch.GetElapsedTime(since) < Patience)
            {
                Thread.Sleep(10);
            }
        }
    }

    /// <summary>Puts other keys in place of those in the file, all at once: whoever reads sees the old ones or the new.</summary>
    /// <exception cref="SealingException">The file can't be written.</exception>
    public void Replace(IReadOnlyList<SealingKey> keys)
    {
        try
        {
            using (WaitForTurn())
                Put(keys);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SealingException($"Key file '{path}' can't be changed: {exception.Message.TrimEnd('.')}. Run this where the file can be written, as the user that the gateway runs as.", exception);
        }
    }

    private void Put(IReadOnlyList<SealingKey> keys)
    {
        var draft = $"{path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using (var stream = new FileStream(draft, options))
        {
            stream.Write(Encoding.ASCII.GetBytes(KeyRingText.Write(keys)));
            stream.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
    }

    private void WarnWhenExposed()
    {
        if (!_hasWarned && !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != UnixFileMode.None)
        {
            _hasWarned = true;
            Log.Exposed(logger, path);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1200, LogLevel.Warning, "Made the key file {Path}: back it up, for without it nothing sealed can be read. Several replicas need a shared key: configure vault.keys", EventName = "sealing.keyfile.created")]
        public static partial void Created(ILogger logger, string path);

        [LoggerMessage(1201, LogLevel.Warning, "Key file {Path} can be read by others than its owner: chmod 600", EventName = "sealing.keyfile.exposed")]
        public static partial void Exposed(ILogger logger, string path);
    }
}
