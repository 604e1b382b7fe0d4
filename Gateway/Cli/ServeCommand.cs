using System.CommandLine;

namespace Cortex.Cli;

/// <summary><c>cortex serve --config FILE [--urls URL]</c>: runs the gateway.</summary>
internal static class ServeCommand
{
    public static Command Create(CommandActions actions)
    {
        var config = ConfigOption.Create();
        var urls = ConfigOption.Text("--urls", "URL", "Addresses to listen on, separated by ';'. Default: see ASPNETCORE_URLS, ASPNETCORE_HTTP_PORTS, gateway.publicUrl.");
        var command = new Command("serve", "Run the gateway (the default).") { config, urls };
        command.SetAction((parse, cancellationToken) => Refusals.PrintAsync(
            parse.InvocationConfiguration.Error,
            () => actions.Serve(new ServeOptions(parse.GetRequiredValue(config), parse.GetValue(urls)), cancellationToken)));
        return command;
    }
}
