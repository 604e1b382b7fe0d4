namespace Cortex.Identity.AuthorizationServer.ClientDocuments;

/// <summary>
/// A <c>client_id</c> that is the address of a document: https, with a path, without query, fragment or user, and in the one spelling that
/// every parser reads alike, so that no two spellings are two clients of one document, nor one spelling two documents.
/// </summary>
internal readonly record struct ClientIdUrl
{
    private const int MaxLength = 1_000;

    private readonly Uri? _uri;

    private ClientIdUrl(Uri uri) => _uri = uri;

    public Uri Uri => _uri ?? throw new InvalidOperationException("There is no address.");

    public string Value => Uri.AbsoluteUri;

    /// <summary>The host, and the port where it is not that of https.</summary>
    public string Host => Uri.Authority;

    /// <summary>True when a client id claims to be an address of any kind, which no registered one does.</summary>
    public static bool IsClaimed(string clientId) => clientId.Contains("://", StringComparison.Ordinal);

    public static bool TryParse(string? text, out ClientIdUrl id)
    {
        id = default;
        if (text is not { Length: > 0 and <= MaxLength } || !text.StartsWith("https://", StringComparison.Ordinal))
            return false;
        if (text.AsSpan().ContainsAnyExceptInRange('!', '~') || text.AsSpan().ContainsAny('?', '#', '\\') || !Uri.TryCreate(text, UriKind.Absolute, out var uri))
            return false;
        if (uri.UserInfo.Length > 0 || uri.AbsolutePath == "/" || uri.AbsoluteUri != text)
            return false;
        id = new ClientIdUrl(uri);
        return true;
    }

    public override string ToString() => _uri?.AbsoluteUri ?? "";
}
