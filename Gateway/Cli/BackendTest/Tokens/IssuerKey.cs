using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace Cortex.Cli.BackendTest.Tokens;

/// <summary>
/// The signing key of the issuer that tests bring along, kept in a file of the user's: backends keep the keys they have fetched, some for minutes, and would refuse the
/// next test's tokens if each made its own.
/// </summary>
internal static class IssuerKey
{
    /// <summary>Where the key is when nothing else is said.</summary>
    public static string DefaultFile =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "cortex", "backend-test.pem");

    /// <summary>Reads the key, or makes it, for its owner's eyes alone.</summary>
    /// <exception cref="UsageException">The file can't be read or written, or holds no key.</exception>
    public static ECDsaSecurityKey Load(string file)
    {
        try
        {
            if (!File.Exists(file))
                Create(file);
            var key = ECDsa.Create();
            key.ImportFromPem(File.ReadAllText(file));
            return WithId(key);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new UsageException($"The key file '{file}' can't be used: {exception.Message.TrimEnd('.')}. Delete it, or name another by --key.", exception);
        }
    }

    /// <summary>A key that is gone with the process.</summary>
    /// <param name="id">The key id it pretends to have.</param>
    public static ECDsaSecurityKey Stranger(string id) => new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = id };

    private static ECDsaSecurityKey WithId(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new ECDsaSecurityKey(key)
        {
            KeyId = Base64UrlEncoder.Encode(SHA256.HashData([.. point.X!, .. point.Y!]))[..16],

            // The library keeps signers by key for the whole process, and would sign with this one when it is long disposed of.
            CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false },
        };
    }

    /// <summary>Whole under another name first: two tests that start together read one key.</summary>
    private static void Create(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        var whole = $"{file}.{Guid.NewGuid():N}";
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var writer = new StreamWriter(whole, options))
            writer.Write(key.ExportPkcs8PrivateKeyPem());
        try
        {
            File.Move(whole, file, overwrite: false);
        }
        catch (IOException) when (File.Exists(file))
        {
            // Another was first: its key is the one.
            File.Delete(whole);
        }
    }
}
