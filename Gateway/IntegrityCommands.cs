using Cortex.Cli;
using Cortex.Foundation.Model;
using Cortex.Foundation.Observability;
using Cortex.Foundation.Sealing;
using Cortex.Governance.Integrity;
using Cortex.Governance.Integrity.Baselines;

namespace Cortex;

/// <summary>What <c>cortex integrity</c> does with the database of a gateway, whether or not one runs.</summary>
internal static class IntegrityCommands
{
    public static async Task<BaselineFile> ExportAsync(IntegrityExportOptions options, CancellationToken cancellationToken)
    {
        if (options.Backends.FirstOrDefault(id => !BackendId.TryParse(id, out _)) is { } unknown)
            throw new IntegrityFileException($"'{unknown}' is no name of a backend.");
        await using var app = await PrepareAsync(options.ConfigFile, cancellationToken);
        return FileOf(await app.Services.GetRequiredService<BaselineExchange>().ExportAsync([.. options.Backends.Select(BackendId.Parse)], options.WithPending, cancellationToken));
    }

    public static async Task ImportAsync(string configFile, BaselineFile file, CancellationToken cancellationToken)
    {
        await using var app = await PrepareAsync(configFile, cancellationToken);
        FileOf(await app.Services.GetRequiredService<BaselineExchange>().ImportAsync(file, cancellationToken));
    }

    private static BaselineFile FileOf(ExchangeResult result) => result switch
    {
        ExchangeResult.Done done => done.File,
        ExchangeResult.Refused refused => throw new IntegrityFileException(refused.Problem),
        _ => throw new InvalidOperationException("An exchange ended in no known way."),
    };

    private static async Task<WebApplication> PrepareAsync(string configFile, CancellationToken cancellationToken)
    {
        var builder = CommandHost.Create(configFile, out var configuration);
        builder.Services.AddSingleton<Readiness>();
        builder.AddSealing(configuration);
        builder.Services.AddIntegrity();
        var app = builder.Build();
        foreach (var preparation in app.Services.GetServices<IPreparation>())
            await preparation.PrepareAsync(cancellationToken);
        return app;
    }
}
