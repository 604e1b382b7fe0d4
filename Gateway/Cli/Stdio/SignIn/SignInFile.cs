using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ModelContextProtocol.Authentication;

namespace Cortex.Cli.Stdio.SignIn;

/// <summary>
/// Keeps the sign-in at one gateway in a file that only its owner can read. Several bridges of one user share it: it is read anew each time, replaced as a whole, and locked
/// while a refresh token is redeemed.
/// </summary>
internal sealed class SignInFile(Uri endpoint, string folder, TimeProvider time) : ITokenCache
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LockLook = TimeSpan.FromMilliseconds(25);

    /// <summary>The file; it need not be there.</summary>
    public string Path { get; } = System.IO.Path.Combine(folder, $"{endpoint.IdnHost}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(endpoint.ToString())))[..16]}.json");

    /// <summary>The port at which the browser came back, kept with what it brought.</summary>
    public int? RedirectPort { get; set; }

    /// <summary>True when the authorization server said that it does not know the client.</summary>
    public bool IsClientGone { get; set; }

    /// <summary>What is kept; null when there is nothing that can be read.</summary>
    public KeptSignIn? Read()
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(Path), KeptSignInJson.Default.KeptSignIn);
        }
        catch (Exception exception) when (exception is JsonException or FileNotFoundException or DirectoryNotFoundException)
        {
            // A file that somebody spoiled is worth no more than none: a new sign-in replaces it.
            return null;
        }
    }

    public void Write(KeptSignIn signIn)
    {
        MakeFolder();
        var fresh = $"{Path}.{Environment.ProcessId}";
        using (var file = new FileStream(fresh, Secret(FileMode.Create)))
            JsonSerializer.Serialize(file, signIn, KeptSignInJson.Default.KeptSignIn);
        File.Move(fresh, Path, overwrite: true);
    }

    /// <summary>Forgets the sign-in; false when there was none.</summary>
    public bool Drop()
    {
        IsClientGone = false;
        var isThere = File.Exists(Path);
        if (isThere)
            File.Delete(Path);
        return isThere;
    }

    /// <summary>Keeps other bridges of this user from redeeming the refresh token too, until disposed.</summary>
    /// <exception cref="IOException">Another one does not let go of it.</exception>
    public async Task<IDisposable> LockAsync(CancellationToken cancellationToken)
    {
        MakeFolder();
        var since = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(Path + ".lock", Secret(FileMode.OpenOrCreate));
            }
            catch (IOException) when (time.GetElapsedTime(since) < LockPatience)
            {
                await Task.Delay(LockLook, time, cancellationToken);
            }
        }
    }

    public ValueTask StoreTokensAsync(TokenContainer tokens, CancellationToken cancellationToken)
    {
        Write(KeptSignIn.Of(endpoint, tokens, Read(), RedirectPort));
        return ValueTask.CompletedTask;
    }

    public ValueTask<TokenContainer?> GetTokensAsync(CancellationToken cancellationToken) => ValueTask.FromResult(Read()?.ToTokens());

    private void MakeFolder()
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
    }

    private static FileStreamOptions Secret(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        return options;
    }
}
