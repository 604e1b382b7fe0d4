using System.Text.Json.Nodes;
using Cortex.Tests.Fixtures;
using ModelContextProtocol.Protocol;
using NUnit.Framework;

namespace Cortex.Tests.Clients;

/// <summary>
/// Log messages as the C# SDK's client gets them: by the level of its session in the legacy era. In the modern one it has no way to ask for
/// them, since it takes the level out of each request, and so it gets none.
/// </summary>
internal sealed class CSharpSdkLogTests
{
    [TestCase(EraStage.Legacy, LoggingLevel.Info, "Tool execution started", "Tool processing data", "Tool execution completed")]
    [TestCase(EraStage.Legacy, LoggingLevel.Error)]
    [TestCase(EraStage.Modern, null)]
    public async Task Log_messages_that_were_asked_for_arrive_and_no_others(string version, LoggingLevel? level, params string[] expected)
    {
        await using var stage = await EraStage.StartAsync(version);
        await using var client = await SdkClient.ConnectAsync(stage);
        if (level is { } asked)
            await client.Mcp.SetLoggingLevelAsync(asked);

        await client.CallAsync("test_tool_with_logging");
        await client.CallAsync("test_simple_text");

        Assert.That(await Eventually.HoldsAsync(() => LogsOfTools(client).Count >= expected.Length), Is.True);
        Assert.That(LogsOfTools(client), Is.EquivalentTo(expected));
    }

    /// <summary>Without what the server itself says of the new level.</summary>
    private static List<string> LogsOfTools(SdkClient client) =>
    [
        .. client.Notifications(NotificationMethods.LoggingMessageNotification)
            .Select(log => (string)JsonNode.Parse(log)!["data"]!)
            .Where(text => !text.StartsWith("The level is now", StringComparison.Ordinal)),
    ];
}
