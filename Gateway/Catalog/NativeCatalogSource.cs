using System.Text;
using System.Text.Json.Nodes;
using Cortex.Backends;
using Cortex.Foundation.Model;
using Cortex.Identity.Credentials;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Yarp.ReverseProxy;

namespace Cortex.Catalog;

/// <summary>
/// Reads a native MCP server's tools. The SDK's client negotiates the era; the lists themselves are kept as raw JSON, so that members the SDK
/// does not know survive.
/// </summary>
internal sealed class NativeCatalogSource(IProxyStateLookup proxy, CredentialResolver credentials, TimeProvider time, ILoggerFactory loggers) : ICatalogSource
{
    private const int MaxPages = 1000;

    public BackendKind Kind => BackendKind.Mcp;

    public async Task<BackendCatalog> ReadAsync(BackendDefinition backend, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(backend.Options.Timeout);
        try
        {
            await using var client = await ConnectAsync(backend, deadline.Token);
            var version = ProtocolVersion.Find(client.NegotiatedProtocolVersion)
                ?? throw new CatalogSourceException($"the server speaks MCP {client.NegotiatedProtocolVersion}, which the gateway does not.");
            var tools = new List<OfferedItem>();
            var faults = new List<string>();
            await foreach (var tool in ListAsync(client, "tools/list", "tools", deadline.Token))
                Take(backend, tool, tools, faults);
            return new BackendCatalog(tools, version, time.GetUtcNow(), faults);
        }
        catch (Exception exception) when (exception is HttpRequestException or McpException or IOException)
        {
            throw new CatalogSourceException($"tools/list failed: {exception.Message}", exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CatalogSourceException($"tools/list did not finish within {backend.Options.Timeout.TotalSeconds:0.#} s.", exception);
        }
    }

    private async Task<McpClient> ConnectAsync(BackendDefinition backend, CancellationToken cancellationToken)
    {
        var http = new HttpClient(new ClusterHandler(proxy, backend.Id.Value)) { MaxResponseContentBufferSize = backend.Options.MaxReplyBytes };
        var transport = new HttpClientTransport(
            new HttpClientTransportOptions
            {
                Endpoint = new Uri($"http://{backend.Id}.invalid{backend.Path}"),
                TransportMode = HttpTransportMode.StreamableHttp,
                EnableStandaloneGetStream = false,
                MaxReconnectionAttempts = 0,
                ConnectionTimeout = backend.Options.Timeout,
                AdditionalHeaders = credentials.ForCatalog(backend).Headers.ToDictionary(),
            },
            http,
            loggers,
            ownsHttpClient: true);
        var options = new McpClientOptions
        {
            ClientInfo = new Implementation { Name = "cortex-gateway", Version = ThisAssembly.Version },
            InitializationTimeout = backend.Options.Timeout,
        };
        return await McpClient.CreateAsync(transport, options, loggers, cancellationToken);
    }

    private static async IAsyncEnumerable<JsonObject> ListAsync(
        McpClient client, string method, string member, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? cursor = null;
        for (var page = 0; page < MaxPages; page++)
        {
            var request = new JsonRpcRequest { Method = method, Params = cursor is null ? new JsonObject() : new JsonObject { ["cursor"] = cursor } };
            var response = await client.SendRequestAsync(request, cancellationToken);
            if (response.Result is not JsonObject result || result[member] is not JsonArray items)
                throw new CatalogSourceException($"{method} failed: the result has no array '{member}'.");
            foreach (var item in items.OfType<JsonObject>())
                yield return item;
            cursor = result["nextCursor"]?.GetValue<string>();
            if (cursor is null)
                yield break;
        }

        throw new CatalogSourceException($"{method} failed: more than {MaxPages} pages.");
    }

    private static void Take(BackendDefinition backend, JsonObject tool, List<OfferedItem> tools, List<string> faults)
    {
        if (tool["name"] is not JsonValue value || !value.TryGetValue<string>(out var name))
            faults.Add("A tool has no name.");
        else
            tools.Add(new OfferedItem(name, ToolScopes.Of(backend, name), Encoding.UTF8.GetBytes(tool.ToJsonString())));
    }
}
