using System.CommandLine;
using System.Security.Cryptography;
using Cortex.Governance.Integrity.Baselines;

namespace Cortex.Cli;

/// <summary>The files of <c>cortex integrity</c>: none is ever overwritten, and what is wrong with one is said in a line.</summary>
internal static class IntegrityFiles
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Runs a command; what is wrong with a file, or refused, is a line on the error stream.</summary>
    public static async Task<int> RunAsync(InvocationConfiguration streams, Func<TextWriter, Task> command)
    {
        try
        {
            await command(streams.Output);
            return 0;
        }
        catch (Exception exception) when (exception is IntegrityFileException or IOException or UnauthorizedAccessException)
        {
            await streams.Error.WriteLineAsync(exception.Message);
            return Refusals.ExitCode;
        }
    }

    public static BaselineFile Read(string path) =>
        BaselineFile.Read(File.ReadAllText(path), out var problem) ?? throw new IntegrityFileException($"'{path}' can't be used: {problem}.");

    public static IReadOnlyList<ECDsa> ReadPublicKeys(string path) =>
        OperatorKeys.TryRead(File.ReadAllText(path), out var keys, out var problem) ? keys : throw new IntegrityFileException($"'{path}' can't be used: {problem}.");

    public static ECDsa ReadPrivateKey(string path)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(path));
            if (key.ExportParameters(includePrivateParameters: true).Curve.Oid.Value == ECCurve.NamedCurves.nistP256.Oid.Value)
                return key;
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            // Refused below, without a word of what is in the file.
        }

        key.Dispose();
        throw new IntegrityFileException($"'{path}' holds no private key of ECDSA on P-256 in PEM, without a password.");
    }

    /// <summary>Writes a file that only its owner can read.</summary>
    public static void WriteSecret(string path, string text) => Write(path, text, OwnerOnly);

    public static void WriteNew(string path, string text) => Write(path, text, OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

    public static string Describe(BaselineFile file) => file.Baselines.Count == 0
        ? "no baseline"
        : string.Join(", ", file.Baselines.Select(entry => $"'{entry.Document.Backend}' revision {entry.Document.Revision} ({entry.Document.Count} definitions)"));

    private static void Write(string path, string text, UnixFileMode mode)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = mode;
        using var writer = new StreamWriter(path, options);
        writer.Write(text);
    }
}

/// <summary>A file can't be used, or the gateway refuses what is in it; the message says why.</summary>
internal sealed class IntegrityFileException(string message) : Exception(message);
