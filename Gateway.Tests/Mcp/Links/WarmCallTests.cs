using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using Cortex.Foundation.Storage;
using Cortex.Identity.Vault;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Cortex.Tests.Mcp.Links;

/// <summary>What the vault costs a call whose grant is known: nothing of the database.</summary>
internal sealed class WarmCallTests
{
    private const int Calls = 200;

    [Test]
    public async Task Warm_call_has_the_vault_ask_the_database_nothing()
    {
        AskedDatabase? database = null;
        await using var stage = await LinkedCallStage.StartAsync(customize: builder => builder.Services.AddSingleton(services =>
            new GrantStore(database = new AskedDatabase(services.GetRequiredService<Database>()), services.GetRequiredService<TimeProvider>())));
        var (person, _) = await stage.NewLinkedPersonAsync("warm");
        using var owned = person;
        await person.CallAsync("test_simple_text");
        database!.Askers.Clear();

        var since = Stopwatch.StartNew();
        for (var call = 0; call < Calls; call++)
            await person.CallAsync("test_simple_text");

        TestContext.Out.WriteLine($"A warm call under a linked account: {since.Elapsed.TotalMilliseconds / Calls:0.00} ms in all.");
        Assert.That(database.Askers, Is.Empty);
        Assert.That(stage.Tokens(), Has.Count.EqualTo(Calls + 1).And.All.EqualTo("warm"));
    }

    /// <summary>A database that notes who opens it.</summary>
    private sealed class AskedDatabase(Database database) : Database
    {
        public ConcurrentQueue<string> Askers { get; } = new();

        public override DatabaseDialect Dialect => database.Dialect;

        public override string Description => database.Description;

        public override DbConnection Open()
        {
            Askers.Enqueue(Environment.StackTrace);
            return database.Open();
        }

        public override ValueTask<DbConnection> OpenAsync(CancellationToken cancellationToken)
        {
            Askers.Enqueue(Environment.StackTrace);
            return database.OpenAsync(cancellationToken);
        }

        public override void Dispose() => database.Dispose();
    }
}
