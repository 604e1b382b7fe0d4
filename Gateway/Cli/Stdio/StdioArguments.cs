using System.CommandLine;

namespace Cortex.Cli.Stdio;

/// <summary>The arguments of <c>cortex stdio</c>, and what they mean.</summary>
internal sealed class StdioArguments
{
    private const string TokenVariable = "CORTEX_TOKEN";
    private const string DefaultPath = "/mcp";

    private readonly Argument<string> _url = new("url") { HelpName = "URL", Description = "The gateway's MCP endpoint; an address without a path stands for /mcp there." };
    private readonly Option<string> _tokenFile = ConfigOption.Text("--token-file", "FILE", $"Present the token in this file, such as a personal one, and sign nobody in. So does the environment variable {TokenVariable}.");
    private readonly Option<string> _clientId = ConfigOption.Text("--client-id", "ID", "Sign in as this client, known to the authorization server, or as the https address of its metadata. Default: register one.");
    private readonly Option<int?> _redirectPort = new("--redirect-port") { HelpName = "PORT", Description = "Port on 127.0.0.1 to which the browser comes back, for a client that is registered with one." };
    private readonly Option<bool> _allowPlaintext = new("--allow-plaintext") { Description = "Reach another machine by http, where everyone on the way can read the token." };
    private readonly Option<bool> _verbose = new("--verbose") { Description = "Log what goes on to standard error." };

    /// <summary>Signs in, and ends.</summary>
    public Option<bool> Login { get; } = new("--login") { Description = "Sign in now and end, for clients that do not wait long enough." };

    /// <summary>Drops what is kept of the sign-in, and ends.</summary>
    public Option<bool> Logout { get; } = new("--logout") { Description = "Forget the sign-in at this gateway and end." };

    public void AddTo(Command command)
    {
        command.Arguments.Add(_url);
        foreach (var option in new Option[] { _tokenFile, _clientId, _redirectPort, _allowPlaintext, _verbose, Login, Logout })
            command.Options.Add(option);
    }

    /// <exception cref="StdioException">An argument is not what it must be.</exception>
    public StdioOptions Read(ParseResult parse) => new()
    {
        Endpoint = Endpoint(parse.GetRequiredValue(_url), parse.GetValue(_allowPlaintext)),
        Token = Token(parse.GetValue(_tokenFile)),
        ClientId = parse.GetValue(_clientId),
        RedirectPort = parse.GetValue(_redirectPort) is { } port and (< 1 or > 65535)
            ? throw new StdioException($"--redirect-port {port} is no port. Write one from 1 to 65535.")
            : parse.GetValue(_redirectPort),
        AllowsPlaintext = parse.GetValue(_allowPlaintext),
        IsVerbose = parse.GetValue(_verbose),
    };

    private static Uri Endpoint(string url, bool allowsPlaintext)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("http" or "https") || endpoint.Host.Length == 0 || endpoint.Fragment.Length > 0)
            throw new StdioException($"'{url}' is not the address of a gateway. Write it with https://: https://mcp.example.com/mcp.");
        if (endpoint.UserInfo.Length > 0)
            throw new StdioException("The address holds a password, which would end in logs. Use --token-file.");
        if (endpoint.Scheme == "http" && !endpoint.IsLoopback && !allowsPlaintext)
            throw new StdioException($"'{url}' is plain http to another machine: everyone on the way could read the token. Use https, or say --allow-plaintext.");
        return endpoint.AbsolutePath == "/" ? new Uri(endpoint, DefaultPath + endpoint.Query) : endpoint;
    }

    private static FixedToken? Token(string? file)
    {
        if (file is not null)
            return new FixedToken($"The file '{file}' (--token-file)", file, null);
        return Environment.GetEnvironmentVariable(TokenVariable) is { Length: > 0 } token
            ? new FixedToken($"The environment variable {TokenVariable}", null, token)
            : null;
    }
}
