using System.Text.Json.Nodes;
using Cortex.Tests.Fixtures;
using ModelContextProtocol.Protocol;

namespace Cortex.Tests.Clients;

/// <summary>
/// The C# SDK's client while it listens for changes: by <c>resources/subscribe</c> and the stream of its session in the legacy era, by an open
/// <c>subscriptions/listen</c> in the modern one.
/// </summary>
internal sealed class SdkListening : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly SdkClient _client;
    private readonly string _uri;
    private Task? _stream;

    private SdkListening(SdkClient client, string uri)
    {
        _client = client;
        _uri = uri;
    }

    public static async Task<SdkListening> StartAsync(SdkClient client, EraStage stage, string uri)
    {
        var listening = new SdkListening(client, uri);
        if (!stage.IsModern)
        {
            await client.Mcp.SubscribeToResourceAsync(uri);
            return listening;
        }

        listening._stream = listening.ListenAsync();
        if (!await Eventually.HoldsAsync(() => client.Notifications(NotificationMethods.SubscriptionsAcknowledgedNotification).Count > 0))
            throw new TimeoutException("The subscription was not acknowledged.");
        return listening;
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        if (_stream is not null)
            await _stream;
        else
            await _client.Mcp.UnsubscribeFromResourceAsync(_uri);
        _ending.Dispose();
    }

    private async Task ListenAsync()
    {
        try
        {
            await _client.Mcp.SendRequestAsync(
                new JsonRpcRequest
                {
                    Method = RequestMethods.SubscriptionsListen,
                    Params = new JsonObject
                    {
                        ["notifications"] = new JsonObject { ["toolsListChanged"] = true, ["resourceSubscriptions"] = new JsonArray(_uri) },
                    },
                },
                _ending.Token);
        }
        catch (OperationCanceledException)
        {
            // The test has heard enough.
        }
    }
}
