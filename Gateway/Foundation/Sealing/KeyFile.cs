using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Cortex.Foundation.Sealing;

/// <summary>
/// The key of a gateway whose configuration names none: one line, <c>id key</c>, the key in base64. Made once, readable by its owner only.
/// </summary>
internal sealed partial class KeyFile(string path, ILogger<KeyFile> logger)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The key, or null when there is no file.</summary>
    /// <exception cref="SealingException">The file can't be read, or does not hold a key.</exception>
    public SealingKey? Find()
    {
        try
        {
            if (!File.Exists(path))
            {
                return null;
            }

            WarnWhenExposed();
            return File.ReadAllText(path).Split(' ', StringSplitOptions.TrimEntries) is [var id, var text]
                && SealingKey.IsId(id)
                && SealingKey.TryReadMaterial(text, out var material)
                    ? new SealingKey(id, material)
                    : throw new SealingException($"Key file '{path}' does not hold a key. Restore it from a backup; what it sealed can't be read without it.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SealingException($"Key file '{path}' can't be read: {exception.Message}", exception);
        }
    }

    /// <summary>Makes the file with a new key; of several processes that try, one makes it and all get its key.</summary>
    /// <exception cref="SealingException">The file can't be written.</exception>
    public SealingKey Create()
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using (WaitForTurn())
            {
                if (!File.Exists(path))
                {
                    var draft = $"{path}.{Guid.NewGuid():N}";
                    Write(draft);
                    File.Move(draft, path, overwrite: false);
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

    private static void Write(string draft)
    {
        var id = "file-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
        var line = $"{id} {Convert.ToBase64String(RandomNumberGenerator.GetBytes(SealingKey.Size))}\n";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using var stream = new FileStream(draft, options);
        stream.Write(Encoding.ASCII.GetBytes(line));
        stream.Flush(flushToDisk: true);
    }

    private void WarnWhenExposed()
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != UnixFileMode.None)
        {
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
