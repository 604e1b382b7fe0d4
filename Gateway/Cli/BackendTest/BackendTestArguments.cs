using System.CommandLine;
using System.Text.Json;
using Cortex.Backends;
using Cortex.Cli.BackendTest.Tokens;

namespace Cortex.Cli.BackendTest;

/// <summary>The arguments of <c>cortex backend test</c>, and what they mean.</summary>
internal sealed class BackendTestArguments
{
    private static readonly BackendOptions Defaults = new();

    private readonly Argument<string> _url = new("url") { HelpName = "URL", Description = "The backend's url, as in the gateway's configuration." };
    private readonly Option<string> _path = ConfigOption.Text("--path", "PATH", "Path of its endpoint.", BackendDefinitionFactory.DefaultContractPath);
    private readonly Option<string> _issuer = ConfigOption.Text(
        "--issuer", "URL", "Serve an issuer there for the time of the test, on loopback, and sign tokens as the gateway does. Start the backend so that it trusts this issuer.");

    private readonly Option<string> _audience = ConfigOption.Text("--audience", "TEXT", "Audience of the issuer's tokens. Default: URL, exactly as written.");
    private readonly Option<string> _key = ConfigOption.Text("--key", "FILE", "The issuer's key; made when there is none.", IssuerKey.DefaultFile);
    private readonly Option<string> _bearer = ConfigOption.Text("--bearer", "TOKEN", "Present this token, or the one of env:NAME or file:PATH.");
    private readonly Option<string[]> _headers = new("--header") { HelpName = "NAME: VALUE", Description = "Send this header with every call; may be repeated." };
    private readonly Option<bool> _public = new("--public") { Description = "The backend is for everyone and asks for no token." };
    private readonly Option<string> _scopes = ConfigOption.Text("--scopes", "TEXT", "Scopes of the person besides those that are listed, separated by spaces.");
    private readonly Option<string> _prefix = ConfigOption.Text("--prefix", "TEXT", "The prefix that names will have at the gateway, to check their length with it.");
    private readonly Option<double> _timeout = new("--timeout")
    {
        HelpName = "SECONDS",
        Description = "Longest wait for a reply.",
        DefaultValueFactory = _ => Defaults.Timeout.TotalSeconds,
    };

    private readonly Option<string> _call = ConfigOption.Text("--call", "TOOL", "Call this tool as well, whatever it does.");
    private readonly Option<string> _arguments = ConfigOption.Text("--arguments", "JSON", "Its arguments, a JSON object.", "{}");

    public void AddTo(Command command)
    {
        _url.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: ['-', ..] }, ..])
                result.AddError($"'{result.Tokens[0].Value}' is no option of this command.");
        });
        command.Arguments.Add(_url);
        foreach (var option in new Option[] { _path, _issuer, _audience, _key, _bearer, _headers, _public, _scopes, _prefix, _timeout, _call, _arguments })
            command.Options.Add(option);
    }

    /// <exception cref="UsageException">An argument is not what it must be.</exception>
    public BackendTestOptions Read(ParseResult parse)
    {
        var url = parse.GetRequiredValue(_url);
        var issuer = parse.GetValue(_issuer);
        var options = new BackendTestOptions
        {
            Endpoint = Endpoint(url, parse.GetRequiredValue(_path)),
            Issuer = issuer is null ? null : ReadIssuer(issuer),
            KeyFile = parse.GetRequiredValue(_key),
            Audience = parse.GetValue(_audience) ?? url,
            Bearer = parse.GetValue(_bearer) is { } bearer ? TokenArgument.Read(_bearer.Name, bearer, System.Console.In) : null,
            Headers = [.. (parse.GetValue(_headers) ?? []).Select(ReadHeader)],
            IsPublic = parse.GetValue(_public),
            Scopes = (parse.GetValue(_scopes) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries),
            Prefix = parse.GetValue(_prefix) ?? "",
            Timeout = parse.GetValue(_timeout) is > 0 and <= 3600 and var seconds
                ? TimeSpan.FromSeconds(seconds)
                : throw new UsageException("--timeout must be a number of seconds from above 0 to 3600."),
            MaxReplyBytes = Defaults.MaxReplyBytes,
            Call = parse.GetValue(_call),
            Arguments = ReadArguments(parse.GetRequiredValue(_arguments)),
        };
        var given = (issuer is null ? 0 : 1) + (options.Bearer is null ? 0 : 1) + (options.IsPublic ? 1 : 0);
        return given <= 1 ? options : throw new UsageException("--issuer, --bearer and --public exclude one another: name one.");
    }

    private static Uri Endpoint(string url, string path)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https") || parsed.Host.Length == 0 || parsed.Query.Length + parsed.Fragment.Length > 0)
            throw new UsageException($"'{url}' is not the address of a backend. Write it with http:// or https:// and a host, and without a query: http://127.0.0.1:4822.");
        if (parsed.UserInfo.Length > 0)
            throw new UsageException("The address holds a password, which would end in logs. Present it by --header 'Authorization: Basic …'.");
        return Uri.TryCreate($"{url.TrimEnd('/')}/{path.TrimStart('/')}", UriKind.Absolute, out var endpoint)
            ? endpoint
            : throw new UsageException($"'{path}' is not a path. Write it like {BackendDefinitionFactory.DefaultContractPath}.");
    }

    private static Uri ReadIssuer(string text) => Uri.TryCreate(text, UriKind.Absolute, out var issuer) && issuer is { Scheme: "http", IsLoopback: true, Port: > 0 } && issuer.Query.Length + issuer.Fragment.Length == 0
        ? issuer
        : throw new UsageException($"--issuer '{text}' must be an http address of this machine, which the backend can reach: http://127.0.0.1:8099/identity.");

    private static KeyValuePair<string, string> ReadHeader(string text) => text.Split(':', 2) is [var name, var value] && name.Trim() is { Length: > 0 } trimmed && trimmed.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
        ? new KeyValuePair<string, string>(trimmed, value.Trim())
        : throw new UsageException($"--header '{text.Split(':')[0]}' is not a header. Write 'Name: value'.");

    private static string ReadArguments(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return json;
        }
        catch (JsonException)
        {
            // Told below, together with JSON that is no object.
        }

        throw new UsageException("--arguments is not a JSON object. Write it like '{\"query\": \"milk\"}'.");
    }
}
