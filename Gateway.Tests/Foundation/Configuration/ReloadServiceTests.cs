using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Cortex.Foundation.Configuration;
using Cortex.Foundation.Configuration.Reload;
using Cortex.Foundation.Observability;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.Configuration;

[NonParallelizable]
internal sealed class ReloadServiceTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Test]
    public async Task Changed_file_is_taken_over_after_the_interval()
    {
        using var folder = new ConfigFolder();
        await using var running = await Running.StartAsync(folder);
        folder.Write("cortex.yaml", "gateway: {name: Second}");

        await running.TickUntilLoggedAsync("ConfigurationReloaded");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(running.Options.CurrentValue.Name, Is.EqualTo("Second"));
            Assert.That(running.Readiness, Is.EqualTo(ReadinessState.Ready));
            Assert.That(running.Outcomes, Is.EqualTo(new[] { "accepted" }));
        }
    }

    [Test]
    public async Task Bad_content_is_logged_once_counted_and_told_by_readiness()
    {
        using var folder = new ConfigFolder();
        await using var running = await Running.StartAsync(folder);
        folder.Write("cortex.yaml", "gateway: {colour: red}");
        await running.TickUntilLoggedAsync("ConfigurationFault");
        folder.Write("cortex.yaml", "gateway: {name: Mended}");

        await running.TickUntilLoggedAsync("ConfigurationReloaded");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(running.Events, Is.EqualTo(new[] { "ConfigurationRejected", "ConfigurationFault", "ConfigurationReloaded" }));
            Assert.That(running.Messages.ElementAt(1), Does.Contain("gateway.colour").And.Contain("cortex.yaml:1:"));
            Assert.That(running.WorstReadiness, Is.EqualTo(ReadinessState.Degraded));
            Assert.That(running.Outcomes, Is.EqualTo(new[] { "rejected", "accepted" }));
        }
    }

    [Test]
    public async Task Faults_of_included_files_at_start_are_logged()
    {
        using var folder = new ConfigFolder("include: [team.yaml]");
        await using var running = await Running.StartAsync(folder);

        await running.TickUntilLoggedAsync("ConfigurationFault");

        Assert.That(running.WorstReadiness, Is.EqualTo(ReadinessState.Degraded));
    }

    [Test]
    public async Task Change_that_needs_a_restart_is_logged()
    {
        using var folder = new ConfigFolder();
        await using var running = await Running.StartAsync(folder);
        folder.Write("cortex.yaml", "gateway: {publicUrl: http://localhost:9}");

        await running.TickUntilLoggedAsync("ConfigurationNeedsRestart");

        Assert.That(running.Messages.Last(), Does.Contain("gateway.publicUrl"));
    }

    /// <summary>The registration in a container of its own, with a clock that the test moves.</summary>
    private sealed class Running : ILoggerProvider, ILogger, IAsyncDisposable
    {
        private readonly FakeTimeProvider _time = new();
        private readonly ConcurrentQueue<(string Event, string Message, ReadinessState? Readiness)> _log = new();
        private readonly ConcurrentQueue<string> _outcomes = new();
        private readonly MeterListener _meters = new();
        private readonly ServiceProvider _services;

        private Running(ConfigFolder folder)
        {
            _meters.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "cortex.config.reloads")
                    listener.EnableMeasurementEvents(instrument);
            };
            _meters.SetMeasurementEventCallback<long>((_, _, tags, _) => _outcomes.Enqueue((string)tags[0].Value!));
            _meters.Start();
            var services = new ServiceCollection();
            services.AddLogging(logging => logging.AddProvider(this));
            services.AddSingleton<TimeProvider>(_time);
            services.AddSingleton(new ReloadInterval(TimeSpan.FromSeconds(5)));
            services.AddLiveConfiguration(folder.Load(_time));
            _services = services.BuildServiceProvider();
        }

        public IOptionsMonitor<GatewayOptions> Options => _services.GetRequiredService<IOptionsMonitor<GatewayOptions>>();

        public IEnumerable<string> Events => _log.Select(entry => entry.Event);

        public IEnumerable<string> Messages => _log.Select(entry => entry.Message);

        public IEnumerable<string> Outcomes => _outcomes;

        public ReadinessState? Readiness => _services.GetRequiredService<Readiness>().Current.Parts.GetValueOrDefault("configuration")?.State;

        /// <summary>The state when the last line before the present one was written, or now.</summary>
        public ReadinessState? WorstReadiness => _log.Select(entry => entry.Readiness).Append(Readiness).Max();

        public static async Task<Running> StartAsync(ConfigFolder folder)
        {
            var running = new Running(folder);
            foreach (var service in running._services.GetServices<IHostedService>())
                await service.StartAsync(CancellationToken.None);
            return running;
        }

        /// <summary>Lets intervals pass until the event is there, and the interval after it too.</summary>
        public async Task TickUntilLoggedAsync(string name)
        {
            using var patience = new CancellationTokenSource(Patience);
            while (!Events.Contains(name) || Readiness is null)
            {
                patience.Token.ThrowIfCancellationRequested();
                _time.Advance(TimeSpan.FromSeconds(5));
                await Task.Yield();
            }
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var service in _services.GetServices<IHostedService>())
                await service.StopAsync(CancellationToken.None);
            _meters.Dispose();
            await _services.DisposeAsync();
        }

        public void Dispose()
        {
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _log.Enqueue((eventId.Name ?? "", formatter(state, exception), Readiness));
    }
}
