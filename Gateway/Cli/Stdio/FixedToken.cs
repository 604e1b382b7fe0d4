namespace Cortex.Cli.Stdio;

/// <summary>A token that was made elsewhere: in a file, read anew for each request so that it can be renewed, or in the environment.</summary>
/// <param name="Source">How the user gave it, for messages.</param>
/// <param name="File">The file; null when <paramref name="Value"/> is the token.</param>
/// <param name="Value">The token.</param>
internal sealed record FixedToken(string Source, string? File, string? Value)
{
    /// <exception cref="StdioException">There is no token.</exception>
    public string Read()
    {
        try
        {
            var token = (Value ?? System.IO.File.ReadAllText(File!)).Trim();
            return token.Length > 0 && token.All(c => c is > ' ' and <= '~')
                ? token
                : throw new StdioException($"{Source} holds no token. Write an access token there and nothing else, such as a personal one of the gateway's page /account.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StdioException($"{Source} can't be read: {exception.Message}", exception);
        }
    }

    /// <summary>Without the token, which may end in logs.</summary>
    public override string ToString() => Source;
}
