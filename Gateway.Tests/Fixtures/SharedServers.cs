using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests;

/// <summary>Stops the servers that tests of this run asked for.</summary>
[SetUpFixture]
internal sealed class SharedServers
{
    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await RedisServer.StopSharedAsync();
        await PostgreSqlServer.StopSharedAsync();
    }
}
