using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Cortex.Tests.Governance.Audit;

/// <summary>Keeps what is logged at Warning and above, by event name.</summary>
internal sealed class AuditLogLines : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _events = new();

    /// <summary><c>audit.lost: 3 audit records did not reach the database</c>.</summary>
    public IReadOnlyCollection<string> Events => _events;

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
            _events.Enqueue($"{eventId.Name}: {formatter(state, exception)}");
    }

    public void Dispose()
    {
    }
}
