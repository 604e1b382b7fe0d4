using Cortex.Backends;
using Cortex.Foundation.Configuration;
using Cortex.Identity.Callers;
using Microsoft.Extensions.Options;

namespace Cortex;

/// <summary>Tells whoever started the gateway where it is, how to connect, and who may sign in.</summary>
internal sealed partial class Welcome(
    IHostApplicationLifetime lifetime,
    GatewayAddresses addresses,
    IOptionsMonitor<IdentityOptions> identity,
    BackendRegistry backends,
    ILogger<Welcome> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(Say);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Say()
    {
        var options = identity.CurrentValue;
        var signIn = options.AuthorizationServer.Enabled
            ? string.Join(", ", options.AuthorizationServer.SignIn).ToLowerInvariant()
            : $"external issuers only ({string.Join(", ", options.Issuers.Select(issuer => issuer.Issuer))})";
        var names = string.Join(", ", backends.Current.All.Select(backend => backend.Id));
        Log.Ready(logger, addresses.McpResource, names.Length > 0 ? names : "none", signIn, $"claude mcp add --transport http cortex {addresses.McpResource}");
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Cortex Gateway serves MCP at {Url}. Backends: {Backends}. Sign-in: {SignIn}. Connect Claude Code with: {Command}")]
        public static partial void Ready(ILogger logger, string url, string backends, string signIn, string command);
    }
}
