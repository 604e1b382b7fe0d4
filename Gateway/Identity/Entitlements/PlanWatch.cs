using System.Data.Common;
using System.Threading.Channels;
using Cortex.Identity.Callers;
using Microsoft.Extensions.Options;

namespace Cortex.Identity.Entitlements;

/// <summary>Warns of plans that persons were given and the configuration does not have (any more): at the start, and whenever it changes.</summary>
internal sealed partial class PlanWatch(PersonPlans plans, IOptionsMonitor<IdentityOptions> options, ILogger<PlanWatch> logger) : BackgroundService
{
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var listening = options.OnChange(_ => _changes.Writer.TryWrite(true));
        _changes.Writer.TryWrite(true);
        await foreach (var _ in _changes.Reader.ReadAllAsync(stoppingToken))
            await CheckAsync(stoppingToken);
    }

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            var configured = options.CurrentValue.Plans;
            foreach (var (plan, persons) in (await plans.CountAsync(cancellationToken)).Where(count => !configured.ContainsKey(count.Key)))
                Log.Unknown(logger, plan, persons);
        }
        catch (DbException exception)
        {
            Log.NotChecked(logger, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3110, LogLevel.Warning, "The plan '{Plan}' is not in identity.plans, and {Persons} persons were given it: they hold no scopes until it is back or they are given another", EventName = "plan.unknown")]
        public static partial void Unknown(ILogger logger, string plan, long persons);

        [LoggerMessage(3111, LogLevel.Warning, "Which plans persons were given could not be read; it is looked at again when the configuration changes", EventName = "plan.not_checked")]
        public static partial void NotChecked(ILogger logger, Exception exception);
    }
}
