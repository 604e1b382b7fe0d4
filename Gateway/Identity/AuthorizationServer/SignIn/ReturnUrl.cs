namespace Cortex.Identity.AuthorizationServer.SignIn;

/// <summary>Where a person goes after signing in: a path of this gateway, never another site.</summary>
internal readonly record struct ReturnUrl
{
    /// <summary>The sign-in page itself, which then tells who is signed in.</summary>
    public static readonly ReturnUrl Default = new(ServerPaths.SignIn);

    private readonly string? _path;

    private ReturnUrl(string path) => _path = path;

    public string Path => _path ?? ServerPaths.SignIn;

    /// <summary>
    /// Takes a path and query that begin with one slash. Browsers read <c>//host</c> and <c>/\host</c> as another site, and drop tabs and
    /// line breaks before they look.
    /// </summary>
    public static bool TryParse(string? text, out ReturnUrl url)
    {
        url = Default;
        if (text is not ['/', ..] || text is ['/', '/' or '\\', ..] || text.AsSpan().ContainsAnyExceptInRange('!', '~'))
            return false;
        url = new ReturnUrl(text);
        return true;
    }

    /// <summary>The path of <paramref name="text"/>, or <see cref="Default"/> when it leads elsewhere.</summary>
    public static ReturnUrl ParseOrDefault(string? text) => TryParse(text, out var url) ? url : Default;

    /// <summary>The address of the sign-in page that comes back here.</summary>
    public string SignInPath => $"{ServerPaths.SignIn}?return={Uri.EscapeDataString(Path)}";

    public override string ToString() => Path;
}
