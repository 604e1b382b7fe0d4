using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Cortex.Tests.Fixtures;

/// <summary>A private PostgreSQL: temporary folder, free port, loopback only, no password, no fsync. One serves the whole run; each test takes a database of its own.</summary>
internal sealed class PostgreSqlServer : IAsyncDisposable
{
    private static readonly Lazy<Task<PostgreSqlServer>> Running = new(StartAsync);

    private readonly string _folder;
    private readonly ServerProcess _process;
    private readonly string _connectionString;
    private int _databases;

    private PostgreSqlServer(string folder, int port, ServerProcess process)
    {
        _folder = folder;
        _process = process;
        _connectionString = $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres;Pooling=false;Timeout=2";
    }

    /// <summary>The server of this run; started by the first who asks.</summary>
    public static Task<PostgreSqlServer> SharedAsync() => Running.Value;

    public static async Task<PostgreSqlServer> StartAsync()
    {
        var initdb = Require("initdb");
        var postgres = Require("postgres");
        var folder = Directory.CreateTempSubdirectory("cortex-postgresql-").FullName;
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", ["postgres", folder]);
        }

        var data = Path.Combine(folder, "data");
        await RunAsync(AsOwner(initdb, "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"));
        var port = ServerProcess.FreePort();
        string[] command = AsOwner(
            postgres, "-D", data, "-p", port.ToString(CultureInfo.InvariantCulture), "-h", "127.0.0.1", "-k", "",
            "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "max_connections=400");
        var server = new PostgreSqlServer(folder, port, new ServerProcess("INT", command[0], command[1..]));
        await server._process.ReadyAsync("PostgreSQL", server.AnswersAsync);
        return server;
    }

    /// <summary>Stops the server of this run, if anyone asked for it.</summary>
    public static async Task StopSharedAsync()
    {
        if (Running.IsValueCreated && Running.Value.IsCompletedSuccessfully)
        {
            await (await Running.Value).DisposeAsync();
        }
    }

    /// <summary>Makes an empty database.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        await using var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"CREATE DATABASE {name} TEMPLATE template0";
        await command.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(_connectionString) { Database = name, Pooling = true, Timeout = 15 }.ConnectionString;
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await _process.StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Require(string program)
    {
        const string installed = "/usr/lib/postgresql";
        var folders = Directory.Exists(installed)
            ? Directory.GetDirectories(installed).OrderByDescending(folder => folder, StringComparer.Ordinal).Select(folder => Path.Combine(folder, "bin"))
            : [];
        return ServerProcess.Find(program, folders)
            ?? throw new InvalidOperationException($"PostgreSQL's '{program}' is not installed: apt-get install postgresql");
    }

    // PostgreSQL refuses to run as root; its package brings the user.
    private static string[] AsOwner(params string[] command) => Environment.IsPrivilegedProcess
        ? [ServerProcess.Find("setpriv") ?? throw new InvalidOperationException("'setpriv' is not installed: apt-get install util-linux"), "--reuid=postgres", "--regid=postgres", "--init-groups", .. command]
        : command;

    private static Task RunAsync(string[] command) => RunAsync(command[0], command[1..]);

    private static async Task RunAsync(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"'{program}' failed: {await output} {await error}");
        }
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await using var connection = new NpgsqlConnection(_connectionString);
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
