using System.Security.Cryptography;

namespace Cortex.Foundation.Configuration.Loading;

/// <summary>
/// Reads the files of one attempt and remembers what it saw, so that a later look can tell whether anything is different now:
/// content, not time stamps, so that a swapped symlink counts. Each file is read once.
/// </summary>
/// <param name="baseDirectory">Folder that relative paths and patterns count from.</param>
internal sealed class SourceReader(string baseDirectory)
{
    private readonly Dictionary<string, (int MaxBytes, SourceContent Content)> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<string>> _lists = new(StringComparer.Ordinal);

    /// <summary>Reads a file of at most <paramref name="maxBytes"/>; a relative path counts from the base directory.</summary>
    public SourceContent Read(string path, int maxBytes)
    {
        var full = Path.GetFullPath(path, baseDirectory);
        if (!_files.TryGetValue(full, out var seen))
            _files[full] = seen = (maxBytes, ReadNow(full, maxBytes));
        return seen.Content;
    }

    /// <summary>Files that match a pattern, relative to the base directory where they lie below it, in ordinal order.</summary>
    public IReadOnlyList<string> List(string pattern)
    {
        if (!_lists.TryGetValue(pattern, out var found))
            _lists[pattern] = found = FilePattern.Find(baseDirectory, pattern);
        return found;
    }

    /// <summary>True when any file or list would come out differently now.</summary>
    public bool HasChanged() =>
        _files.Any(file => Fingerprint(ReadNow(file.Key, file.Value.MaxBytes)) != Fingerprint(file.Value.Content))
        || _lists.Any(list => !FilePattern.Find(baseDirectory, list.Key).SequenceEqual(list.Value, StringComparer.Ordinal));

    private static string Fingerprint(SourceContent content) => content is SourceContent.Found found ? found.Hash : content.ToString();

    private static SourceContent ReadNow(string full, int maxBytes)
    {
        try
        {
            using var stream = new FileStream(full, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
            var bytes = new byte[maxBytes + 1];
            var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length > maxBytes
                ? new SourceContent.TooLarge(maxBytes)
                : new SourceContent.Found(bytes[..length], Convert.ToHexString(SHA256.HashData(bytes.AsSpan(0, length))));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return new SourceContent.Missing();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return new SourceContent.Unreadable(exception is UnauthorizedAccessException ? "access denied, or not a file" : "it cannot be read");
        }
    }
}
