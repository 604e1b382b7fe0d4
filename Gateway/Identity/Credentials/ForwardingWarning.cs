using Cortex.Backends;

namespace Cortex.Identity.Credentials;

/// <summary>Names each backend that receives the callers' own tokens (<c>auth: forward</c>), or whose token endpoint does, at start and when the backends change.</summary>
internal sealed partial class ForwardingWarning(BackendRegistry registry, ILogger<ForwardingWarning> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        registry.Changed += Warn;
        Warn();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        registry.Changed -= Warn;
        return Task.CompletedTask;
    }

    private void Warn()
    {
        foreach (var backend in registry.Current.All)
        {
            if (backend.Auth is BackendAuth.Forward)
                Log.Forwarding(logger, backend.Id.Value);
            else if (backend is { Auth: BackendAuth.Exchange, Options.Exchange.Subject: ExchangeSubject.CallerToken })
                Log.Exchanging(logger, backend.Id.Value);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3200, LogLevel.Warning, "Backend {Backend} has auth: forward and receives the callers' own tokens. Use auth: userToken unless it shares the gateway's audience", EventName = "credential.forwarding")]
        public static partial void Forwarding(ILogger logger, string backend);

        [LoggerMessage(3201, LogLevel.Warning, "The token endpoint of backend {Backend} receives the callers' own tokens (exchange.subject: callerToken). It must be that of their issuer", EventName = "credential.exchanging_own")]
        public static partial void Exchanging(ILogger logger, string backend);
    }
}
