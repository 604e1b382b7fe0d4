using Cortex;
using Cortex.Cli;

return await CortexCommandLine.RunAsync(args, new CommandActions
{
    Sections = Sections.All,
    Serve = GatewayCommands.ServeAsync,
    Migrate = GatewayCommands.MigrateAsync,
    Keys = GatewayCommands.KeysAsync,
    ExportIntegrity = IntegrityCommands.ExportAsync,
    ImportIntegrity = IntegrityCommands.ImportAsync,
});
