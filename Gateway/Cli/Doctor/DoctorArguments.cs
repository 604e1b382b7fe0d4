using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Cortex.Cli.Doctor;

/// <summary>The arguments of <c>cortex doctor</c>, and what they mean.</summary>
internal sealed class DoctorArguments
{
    /// <summary>Where a token is looked for when none is named.</summary>
    public const string TokenVariable = "CORTEX_TOKEN";

    private readonly Argument<string> _url = new("url") { HelpName = "URL", Description = "The address that clients are given: https://mcp.example.com/mcp." };
    private readonly Option<string> _token = new("--token")
    {
        HelpName = "TOKEN",
        Description = $"A token for it, to see what signed-in clients see: the token, env:NAME, file:PATH, or - for standard input. Default: the environment variable {TokenVariable}.",
    };

    private readonly Option<string> _origin = ConfigOption.Text("--origin", "ORIGIN", "A web page's origin that must be able to call the gateway: https://app.example.com.");
    private readonly Option<bool> _register = new("--register") { Description = "Register a client, which stays until it expires there." };
    private readonly Option<string> _authorities = ConfigOption.Text("--ca", "FILE", "Certificate authorities (PEM) to trust besides the system's.");
    private readonly Option<double> _timeout = Seconds("--timeout", "Longest wait for a reply.", 10);
    private readonly Option<double> _streamTimeout = Seconds("--stream-timeout", "Longest wait for the first bytes of a stream.", 5);
    private readonly Option<double> _watch = Seconds("--watch", "Keep a stream open for so long, until its next sign of life, which comes every 15 s. Default: don't.", 0);

    public void AddTo(Command command)
    {
        _url.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: ['-', ..] }, ..])
                result.AddError($"'{result.Tokens[0].Value}' is no option of this command.");
        });
        _token.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: ['-', '-', ..] or "" }, ..])
                result.AddError("Option '--token' needs a value.");
        });
        command.Arguments.Add(_url);
        foreach (var option in new Option[] { _token, _origin, _register, _authorities, _timeout, _streamTimeout, _watch })
            command.Options.Add(option);
    }

    /// <exception cref="UsageException">An argument is not what it must be.</exception>
    public DoctorOptions Read(ParseResult parse) => new()
    {
        Address = ReadAddress(parse.GetRequiredValue(_url)),
        Token = ReadToken(parse.GetValue(_token)),
        Origin = parse.GetValue(_origin) is { } origin ? ReadOrigin(origin) : null,
        Registers = parse.GetValue(_register),
        Authorities = parse.GetValue(_authorities) is { } file ? ReadAuthorities(file) : [],
        Timeout = ReadSeconds(parse, _timeout, mayBeZero: false),
        StreamTimeout = ReadSeconds(parse, _streamTimeout, mayBeZero: false),
        Watch = ReadSeconds(parse, _watch, mayBeZero: true),
    };

    /// <summary>An address without a path is taken for that of the whole endpoint, which is what people mean by it.</summary>
    private static string ReadAddress(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0 || url.Query.Length + url.Fragment.Length > 0)
            throw new UsageException($"{(text.Contains('@', StringComparison.Ordinal) ? "That" : $"'{text}'")} is not the address of a gateway. Write it as clients are given it, with http:// or https:// and without a query: https://mcp.example.com/mcp.");
        if (url.UserInfo.Length > 0)
            throw new UsageException("The address holds a password, which would end in logs. Present a token by --token.");
        return url.AbsolutePath == "/" ? text.TrimEnd('/') + "/mcp" : text;
    }

    private static string? ReadToken(string? text)
    {
        if (text is not null)
            return TokenArgument.Read("--token", text, System.Console.In);
        return Environment.GetEnvironmentVariable(TokenVariable) is { Length: > 0 } ? TokenArgument.Read(TokenVariable, $"env:{TokenVariable}", System.Console.In) : null;
    }

    private static string ReadOrigin(string text) => Uri.TryCreate(text, UriKind.Absolute, out var origin) && origin.Scheme is "http" or "https" && origin.GetLeftPart(UriPartial.Authority).Equals(text, StringComparison.OrdinalIgnoreCase)
        ? origin.GetLeftPart(UriPartial.Authority)
        : throw new UsageException($"--origin '{text}' is not an origin. Write scheme, host and port alone: https://app.example.com.");

    private static X509Certificate2Collection ReadAuthorities(string file)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPemFile(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new UsageException($"--ca '{file}' can't be read ({exception.Message.TrimEnd('.')}). Name a file with certificates in PEM.", exception);
        }

        return certificates.Count > 0 ? certificates : throw new UsageException($"--ca '{file}' holds no certificate. Name a file with certificates in PEM.");
    }

    private static Option<double> Seconds(string name, string description, double seconds) => new(name) { HelpName = "SECONDS", Description = description, DefaultValueFactory = _ => seconds };

    private static TimeSpan ReadSeconds(ParseResult parse, Option<double> option, bool mayBeZero) => parse.GetValue(option) is var seconds and >= 0 and <= 3600 && (mayBeZero || seconds > 0)
        ? TimeSpan.FromSeconds(seconds)
        : throw new UsageException($"{option.Name} must be a number of seconds from {(mayBeZero ? "0" : "above 0")} to 3600.");
}
