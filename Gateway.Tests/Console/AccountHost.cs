using Cortex.Foundation.Storage;
using Cortex.Governance.Audit;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Identity.AuthorizationServer;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cortex.Tests.Console;

/// <summary>A gateway with one backend of two scopes, that keeps all it logs.</summary>
internal sealed class AccountHost : IAsyncDisposable
{
    private readonly StringWriter _audit = new();
    private readonly LogKeeper _log = new();

    private AccountHost(CaptureBackend backend) => Backend = backend;

    public GatewayHost Gateway { get; private set; } = null!;

    public CaptureBackend Backend { get; }

    /// <summary>Log and audit lines so far.</summary>
    public string Written => _audit + _log.Text;

    public static async Task<AccountHost> StartAsync(DatabaseDialect dialect)
    {
        var backend = await CaptureBackend.StartAsync();
        backend.ListTools(CaptureBackend.Tool("read", "mcp:notes:read"), CaptureBackend.Tool("write", "mcp:notes:write"));
        var host = new AccountHost(backend);
        host.Gateway = await GatewayHost.StartAsync(Yaml(backend), dialect: dialect, customize: builder =>
        {
            builder.Services.AddSingleton(new AuditOutput(TextWriter.Synchronized(host._audit)));
            builder.Logging.ClearProviders().AddProvider(host._log).SetMinimumLevel(LogLevel.Trace);
        });
        return host;
    }

    public static string Yaml(CaptureBackend backend) => $$"""
        identity: {}
        limits: { signIns: { addressPerMinute: 6000, networkPerMinute: 6000 } }
        backends:
          notes: { kind: contract, url: "{{backend.Url}}" }
        """;

    public async Task<TestClient> RegisterAsync(string name = "Test client")
    {
        using var http = new HttpClient { BaseAddress = new Uri(Gateway.ListensAt) };
        return (await TestClient.RegisterAsync(http, Gateway.Url, new
        {
            client_name = name,
            redirect_uris = new[] { TestClient.RedirectUri },
            token_endpoint_auth_method = "none",
        })).At(new HttpClient { BaseAddress = new Uri(Gateway.ListensAt) });
    }

    /// <summary>Runs SQL on the gateway's database.</summary>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = await Gateway.Get<Database>().OpenAsync(CancellationToken.None);
        return [.. await connection.QueryAsync<T>(sql, parameters)];
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Backend.DisposeAsync();
        _log.Dispose();
    }

    /// <summary>Keeps every line of every logger.</summary>
    private sealed class LogKeeper : ILoggerProvider, ILogger
    {
        private readonly Lock _gate = new();
        private readonly System.Text.StringBuilder _text = new();

        public string Text
        {
            get
            {
                lock (_gate)
                    return _text.ToString();
            }
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_gate)
                _text.Append(formatter(state, exception)).Append(exception).Append('\n');
        }

        public void Dispose()
        {
        }
    }
}
