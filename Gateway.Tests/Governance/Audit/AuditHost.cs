using Cortex.Foundation.Model;
using Cortex.Foundation.Observability;
using Cortex.Foundation.Sealing;
using Cortex.Foundation.Storage;
using Cortex.Governance.Audit;
using Cortex.Tests.Fixtures;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Cortex.Tests.Governance.Audit;

/// <summary>The audit log as the gateway composes it, on a real database, with a clock and a stdout of its own.</summary>
internal sealed class AuditHost : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly TestDatabase _database;
    private readonly StringWriter _output;

    private AuditHost(IHost host, TestDatabase database, StringWriter output, AuditLogLines log)
    {
        _host = host;
        _database = database;
        _output = output;
        Log = log;
    }

    public AuditLog Audit => _host.Services.GetRequiredService<AuditLog>();

    public Readiness Readiness => _host.Services.GetRequiredService<Readiness>();

    public FakeTimeProvider Time => (FakeTimeProvider)_host.Services.GetRequiredService<TimeProvider>();

    /// <summary>What the operator's log says.</summary>
    public AuditLogLines Log { get; }

    /// <summary>The audit lines that were written, once the host has stopped.</summary>
    public string[] Lines => _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <param name="folder">Where the key file is: the same folder and database make a restart.</param>
    public static async Task<AuditHost> StartAsync(TestDatabase database, string folder)
    {
        var log = new AuditLogLines();
        var output = new SharedWriter();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddProvider(log);
        builder.Services.AddSingleton<TimeProvider>(new FakeTimeProvider(new DateTimeOffset(2026, 1, 31, 9, 0, 0, TimeSpan.Zero)));
        builder.Services.AddSingleton(new AuditOutput(TextWriter.Synchronized(output)));
        builder.Services.AddSingleton<Readiness>();
        builder.Services.AddStorage(new StorageOptions { Database = database.Address }, folder);
        builder.Services.AddSealing(new VaultOptions(), folder);
        builder.Services.AddAudit();
        var host = builder.Build();
        foreach (var preparation in host.Services.GetServices<IPreparation>())
            await preparation.PrepareAsync(CancellationToken.None);
        await host.StartAsync();
        return new AuditHost(host, database, output, log);
    }

    public Task StopAsync() => _host.StopAsync();

    public Task<long> CountAsync() => QueryAsync<long>("SELECT COUNT(*) FROM audit");

    public async Task<T> QueryAsync<T>(string sql)
    {
        await using var connection = await _database.Database.OpenAsync(CancellationToken.None);
        return await connection.QuerySingleAsync<T>(sql);
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await _database.Database.OpenAsync(CancellationToken.None);
        await connection.ExecuteAsync(sql);
    }

    /// <summary>Lets the clock run until <paramref name="isReached"/> says so.</summary>
    public async Task RunUntilAsync(Func<Task<bool>> isReached, CancellationToken cancellationToken)
    {
        while (!await isReached())
        {
            cancellationToken.ThrowIfCancellationRequested();
            Time.Advance(TimeSpan.FromMilliseconds(250));
            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAtOnceAsync();
        _host.Dispose();
    }

    /// <summary>Stops with no time left.</summary>
    public async Task StopAtOnceAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        try
        {
            await _host.StopAsync(now.Token);
        }
        catch (OperationCanceledException)
        {
            // Stopped at once, as asked.
        }
    }
}
