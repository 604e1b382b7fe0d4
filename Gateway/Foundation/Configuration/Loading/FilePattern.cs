using Microsoft.Extensions.FileSystemGlobbing;
using Microsoft.Extensions.FileSystemGlobbing.Abstractions;

namespace Cortex.Foundation.Configuration.Loading;

/// <summary>Finds the files of a pattern such as <c>backends.d/*.yaml</c> or <c>/etc/cortex/**/*.yaml</c>.</summary>
internal static class FilePattern
{
    /// <summary>True when <paramref name="pattern"/> names one file, without wildcards.</summary>
    public static bool IsPlain(string pattern) => !pattern.Contains('*', StringComparison.Ordinal);

    /// <summary>
    /// The files, in ordinal order; a plain name is returned whether or not it is there. Folders that start with <c>..</c>, where a mounted
    /// ConfigMap keeps its versions, are left out: the files are found through their links.
    /// </summary>
    public static IReadOnlyList<string> Find(string baseDirectory, string pattern)
    {
        if (IsPlain(pattern))
            return [pattern];
        var segments = pattern.Split('/');
        var literal = segments.TakeWhile(IsPlain).ToArray();
        var root = string.Join('/', literal) is var joined && pattern.StartsWith('/') ? "/" + joined.TrimStart('/') : joined;
        var folder = new DirectoryInfo(Path.GetFullPath(root.Length == 0 ? "." : root, baseDirectory));
        if (!folder.Exists)
            return [];
        var matcher = new Matcher(StringComparison.Ordinal)
            .AddInclude(string.Join('/', segments.Skip(literal.Length)))
            .AddExclude("..*/**")
            .AddExclude("**/..*/**");
        try
        {
            return [.. matcher.Execute(new DirectoryInfoWrapper(folder)).Files
                .Select(file => root.Length == 0 ? file.Path : $"{root.TrimEnd('/')}/{file.Path}")
                .Order(StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            // The folder vanished or closed between the two looks; the next look tells.
            return [];
        }
    }
}
