using System.CommandLine;
using Cortex.Cli.Stdio.Connection;
using Cortex.Cli.Stdio.SignIn;
using Microsoft.Extensions.Logging.Console;
using ModelContextProtocol.Protocol;

namespace Cortex.Cli.Stdio;

/// <summary>
/// <c>cortex stdio URL</c>: an MCP server on standard input and output that passes everything on to a gateway, for clients that speak only stdio. It ends with 0 when the
/// client closes its input or asks it to stop, with 1 when it can't start. Standard output holds the protocol alone.
/// </summary>
internal static class StdioCommand
{
    public static Command Create()
    {
        var arguments = new StdioArguments();
        var command = new Command("stdio", "Be an MCP server on standard input and output that passes everything on to a gateway, for clients that speak only stdio.");
        arguments.AddTo(command);
        command.SetAction((parse, cancellationToken) => RunAsync(parse, arguments, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parse, StdioArguments arguments, CancellationToken cancellationToken)
    {
        var streams = parse.InvocationConfiguration;
        try
        {
            var options = arguments.Read(parse);
            var kept = new SignInFile(options.Endpoint, StateFolder.Find(), TimeProvider.System);
            if (parse.GetValue(arguments.Logout))
                return await LogOutAsync(options, kept, streams.Output);
            options.Token?.Read();
            using var loggers = LogTo(options.IsVerbose);
            return parse.GetValue(arguments.Login)
                ? await LogInAsync(options, kept, loggers, streams, cancellationToken)
                : await BridgeAsync(options, kept, loggers, streams.Error, cancellationToken);
        }
        catch (Exception exception) when (exception is StdioException or IOException or UnauthorizedAccessException)
        {
            await streams.Error.WriteLineAsync(exception.Message);
            return Refusals.ExitCode;
        }
    }

    private static async Task<int> BridgeAsync(StdioOptions options, SignInFile kept, ILoggerFactory loggers, TextWriter error, CancellationToken cancellationToken)
    {
        if (!System.Console.IsInputRedirected)
            await error.WriteLineAsync($"This is an MCP server on standard input and output. Name it in the settings of a client: command \"cortex\", arguments [\"stdio\", \"{options.Endpoint}\"].");
        await using var transports = new GatewayTransports(options, kept, error, TimeProvider.System, loggers);
        await using var bridge = new StdioBridge(
            transports, System.Console.OpenStandardInput(), System.Console.OpenStandardOutput(), TimeProvider.System, loggers.CreateLogger<StdioBridge>());
        await bridge.RunAsync(cancellationToken);
        return 0;
    }

    private static async Task<int> LogInAsync(
        StdioOptions options, SignInFile kept, ILoggerFactory loggers, InvocationConfiguration streams, CancellationToken cancellationToken)
    {
        await using var transports = new GatewayTransports(options, kept, streams.Error, TimeProvider.System, loggers);
        await using var connection = new GatewayConnection(await transports.ConnectAsync(cancellationToken), _ => Task.CompletedTask, _ => { });
        try
        {
            await connection.AskAsync(RequestMethods.ServerDiscover, Discovery.Parameters(), cancellationToken);
            await streams.Output.WriteLineAsync($"Signed in at {options.Endpoint}.");
            return 0;
        }
        catch (Exception exception) when (GatewayFaults.Describe(exception, options) is { } problem)
        {
            throw new StdioException(problem, exception);
        }
    }

    private static async Task<int> LogOutAsync(StdioOptions options, SignInFile kept, TextWriter output)
    {
        await output.WriteLineAsync(kept.Drop() ? $"Forgot the sign-in at {options.Endpoint}." : $"There was no sign-in at {options.Endpoint}.");
        return 0;
    }

    private static ILoggerFactory LogTo(bool isVerbose) => LoggerFactory.Create(logging =>
    {
        logging.SetMinimumLevel(isVerbose ? LogLevel.Debug : LogLevel.Warning);
        logging.AddSimpleConsole(format => (format.SingleLine, format.ColorBehavior) = (true, LoggerColorBehavior.Disabled));
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    });
}
