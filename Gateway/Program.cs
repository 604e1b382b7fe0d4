using Cortex;
using Cortex.Cli;

return await CortexCommandLine.RunAsync(args, new CommandActions
{
    Sections = Sections.All,
    Serve = (_, _) => Task.FromResult(0),
    Migrate = (_, _) => Task.FromResult(0),
});
