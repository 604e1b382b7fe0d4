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
        var log = new RecordingLogger<ForwardingWarning>();
        await using var gateway = await GatewayHost.StartAsync(
            "backends: { twin: { url: 'http://127.0.0.1:9', auth: forward }, notes: { url: 'http://127.0.0.1:9' } }",
            customize: builder => builder.Services.AddSingleton<ILogger<ForwardingWarning>>(log));

        var (level, message) = log.Records.Single();
        Assert.That(level, Is.EqualTo(LogLevel.Warning));
        Assert.That(message, Does.StartWith("Backend twin has auth: forward"));
    }
}
