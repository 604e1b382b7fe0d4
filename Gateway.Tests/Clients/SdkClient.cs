using System.Collections.Concurrent;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Cortex.Tests.Clients;

/// <summary>The C# SDK's client with a token: it answers what it is asked, and keeps all that came to it.</summary>
internal sealed class SdkClient : IAsyncDisposable
{
    private static readonly string[] Kept =
    [
        NotificationMethods.LoggingMessageNotification,
        NotificationMethods.ProgressNotification,
        NotificationMethods.ResourceUpdatedNotification,
        NotificationMethods.ToolListChangedNotification,
        NotificationMethods.SubscriptionsAcknowledgedNotification,
    ];

    private readonly ConcurrentQueue<JsonRpcNotification> _notifications = new();
    private readonly ConcurrentQueue<string> _asked = new();

    private SdkClient()
    {
    }

    public McpClient Mcp { get; private set; } = null!;

    /// <summary>What servers asked through the client's handlers, oldest first.</summary>
    public IReadOnlyList<string> Asked => [.. _asked];

    /// <param name="stage">What stands at the other end.</param>
    /// <param name="transport">The way there; null for HTTP with the person's token.</param>
    public static async Task<SdkClient> ConnectAsync(EraStage stage, IClientTransport? transport = null)
    {
        var client = new SdkClient();
        client.Mcp = await McpClient.CreateAsync(transport ?? TransportTo(stage), client.OptionsFor(stage));
        return client;
    }

    /// <summary>Takes up the legacy session of another client, which goes on to own it.</summary>
    public static async Task<SdkClient> TakeUpAsync(EraStage stage, SdkClient other)
    {
        var session = new ResumeClientSessionOptions
        {
            ServerCapabilities = other.Mcp.ServerCapabilities!,
            ServerInfo = other.Mcp.ServerInfo!,
            NegotiatedProtocolVersion = other.Mcp.NegotiatedProtocolVersion!,
        };
        var client = new SdkClient();
        client.Mcp = await McpClient.ResumeSessionAsync(TransportTo(stage, other.Mcp.SessionId), session, client.OptionsFor(stage));
        return client;
    }

    /// <summary>The parameters of the notifications of one method, oldest first.</summary>
    public IReadOnlyList<string> Notifications(string method) =>
        [.. _notifications.Where(notification => notification.Method == method).Select(notification => notification.Params?.ToJsonString() ?? "")];

    /// <summary>
    /// How far calls were said to be, oldest first. It has also what came together with the result: the SDK ends the handler of one call with the
    /// call, before or after it has handled that.
    /// </summary>
    public IReadOnlyList<double> Progress =>
        [.. _notifications.Where(notification => notification.Method == NotificationMethods.ProgressNotification).Select(notification => notification.Params!["progress"]!.GetValue<double>())];

    /// <summary>Calls a tool and gives back the text of its result.</summary>
    public async Task<string> CallAsync(
        string tool, (string Name, object? Value)? argument = null, IProgress<ProgressNotificationValue>? progress = null, CancellationToken cancellationToken = default)
    {
        var arguments = argument is { } given ? new Dictionary<string, object?> { [given.Name] = given.Value } : [];
        return TextOf(await Mcp.CallToolAsync(tool, arguments, progress, cancellationToken: cancellationToken));
    }

    public static string TextOf(CallToolResult result) => result.IsError is true
        ? throw new InvalidOperationException($"The tool failed: {JsonSerializer.Serialize(result, McpJsonUtilities.DefaultOptions)}")
        : result.Content.OfType<TextContentBlock>().Single().Text;

    public ValueTask DisposeAsync() => Mcp.DisposeAsync();

    private static HttpClientTransport TransportTo(EraStage stage, string? session = null) => new(new HttpClientTransportOptions
    {
        Endpoint = new Uri(stage.Url),
        TransportMode = HttpTransportMode.StreamableHttp,
        AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {stage.Person.AccessToken}" },
        DefaultReconnectionInterval = TimeSpan.FromMilliseconds(100),
        KnownSessionId = session,
        OwnsSession = session is null,
    });

    private McpClientOptions OptionsFor(EraStage stage) => new()
    {
        ProtocolVersion = stage.Version,
        Handlers = new McpClientHandlers
        {
            ElicitationHandler = Elicit,
            SamplingHandler = Sample,
            RootsHandler = ListRoots,
            NotificationHandlers = Kept.Select(method => KeyValuePair.Create(method, (Func<JsonRpcNotification, CancellationToken, ValueTask>)Keep)),
        },
    };

    private ValueTask Keep(JsonRpcNotification notification, CancellationToken cancellationToken)
    {
        _notifications.Enqueue(notification);
        return ValueTask.CompletedTask;
    }

    /// <summary>Fills in every field of the form with the same name.</summary>
    private ValueTask<ElicitResult> Elicit(ElicitRequestParams? request, CancellationToken cancellationToken)
    {
        _asked.Enqueue(request!.Message);
        return ValueTask.FromResult(new ElicitResult
        {
            Action = "accept",
            Content = request.RequestedSchema!.Properties.Keys.ToDictionary(field => field, _ => JsonSerializer.SerializeToElement("Ada")),
        });
    }

    private ValueTask<CreateMessageResult> Sample(
        CreateMessageRequestParams? request, IProgress<ProgressNotificationValue> progress, CancellationToken cancellationToken)
    {
        _asked.Enqueue(request!.Messages.Single().Content.OfType<TextContentBlock>().Single().Text);
        return ValueTask.FromResult(new CreateMessageResult { Role = Role.Assistant, Model = "test", Content = [new TextContentBlock { Text = "Paris" }] });
    }

    private ValueTask<ListRootsResult> ListRoots(ListRootsRequestParams? request, CancellationToken cancellationToken)
    {
        _asked.Enqueue("roots");
        return ValueTask.FromResult(new ListRootsResult { Roots = [new Root { Uri = "file:///home/ada" }] });
    }
}
