using Cortex.Identity.Credentials;
using Cortex.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace Cortex.Tests.Identity.Credentials;

/// <summary>The exception to the rule is never a quiet one.</summary>
internal sealed class ForwardingWarningTests
{
    [Test]
    public async Task Backend_that_receives_the_callers_own_token_is_named_at_start()
    {
        var log = new Recorder();
        await using var gateway = await GatewayHost.StartAsync(
            "backends: { twin: { url: 'http://127.0.0.1:9', auth: forward }, notes: { url: 'http://127.0.0.1:9' } }",
            customize: builder => builder.Services.AddSingleton<ILogger<ForwardingWarning>>(log));

        Assert.That(log.Lines.Single(), Does.StartWith("Warning: Backend twin has auth: forward"));
    }

    private sealed class Recorder : ILogger<ForwardingWarning>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add($"{logLevel}: {formatter(state, exception)}");
    }
}
