using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Cortex.Backends;
using Cortex.Foundation.Model;
using Cortex.Identity.Credentials;
using Cortex.Sessions.Upstream;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Yarp.ReverseProxy;

namespace Cortex.Catalog;

/// <summary>
/// Reads what a native MCP server lists. The SDK's client negotiates the era; the lists themselves are kept as raw JSON, so that members the SDK
/// does not know survive.
/// </summary>
/// <remarks>How long a list may be kept: <see href="https://modelcontextprotocol.io/specification/2026-07-28/server/utilities/caching"/></remarks>
internal sealed class NativeCatalogSource(
    IProxyStateLookup proxy, UpstreamDestinations destinations, NativeSpeech speech, TimeProvider time, ILoggerFactory loggers) : ICatalogSource
{
    private const int MaxPages = 1000;

    private static readonly TimeSpan MaxKeep = TimeSpan.FromDays(30);

    public BackendKind Kind => BackendKind.Mcp;

    public async Task<BackendCatalog> ReadAsync(
        BackendDefinition backend, CredentialResult.Granted credential, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(backend.Options.Timeout);
        try
        {
            await using var client = await ConnectAsync(backend, credential, deadline.Token);
            var items = new List<OfferedItem>();
            var faults = new List<string>();
            TimeSpan? keep = null;
            foreach (var list in ListsOf(client.ServerCapabilities))
            {
                await foreach (var page in ListAsync(client, list, deadline.Token))
                {
                    keep = Shorter(keep, KeepOf(page));
                    foreach (var item in page[list.Member]!.AsArray().OfType<JsonObject>())
                        Take(backend, list, item, items, faults);
                }
            }

            return new BackendCatalog(items, await speech.ReadAsync(client, backend, credential, cancellationToken), time.GetUtcNow(), faults)
            {
                Announces = AnnouncedBy(client.ServerCapabilities),
                TimeToLive = keep,
                Instructions = client.ServerInstructions is { Length: > 0 } text ? new OfferedInstructions(text) : null,
            };
        }
        catch (Exception exception) when (exception is HttpRequestException or McpException or IOException)
        {
            throw new CatalogSourceException($"the catalog can't be read: {exception.Message}", exception)
            {
                IsUnauthorized = exception is HttpRequestException { StatusCode: HttpStatusCode.Unauthorized },
            };
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CatalogSourceException($"the catalog was not read within {backend.Options.Timeout.TotalSeconds:0.#} s.", exception);
        }
    }

    private async Task<McpClient> ConnectAsync(
        BackendDefinition backend, CredentialResult.Granted credential, CancellationToken cancellationToken)
    {
        // One destination for all of it: a session that a legacy server opens is known there alone.
        var destination = destinations.Available(backend) is [var first, ..] ? first.Id : null;
        var http = new HttpClient(new ClusterHandler(proxy, backend.Id.Value, backend.Options.MaxReplyBytes, destination));
        var transport = new HttpClientTransport(
            new HttpClientTransportOptions
            {
                Endpoint = new Uri($"http://{backend.Id}.invalid{backend.Path}"),
                TransportMode = HttpTransportMode.StreamableHttp,
                EnableStandaloneGetStream = false,
                MaxReconnectionAttempts = 0,
                ConnectionTimeout = backend.Options.Timeout,
                AdditionalHeaders = credential.Headers.ToDictionary(),
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

    private static CatalogLists AnnouncedBy(ServerCapabilities capabilities) =>
        (capabilities.Tools?.ListChanged is true ? CatalogLists.Tools : CatalogLists.None)
        | (capabilities.Prompts?.ListChanged is true ? CatalogLists.Prompts : CatalogLists.None)
        | (capabilities.Resources?.ListChanged is true ? CatalogLists.Resources : CatalogLists.None);

    /// <summary>The lists that the server says it has.</summary>
    private static IEnumerable<NativeList> ListsOf(ServerCapabilities capabilities)
    {
        if (capabilities.Tools is not null)
            yield return NativeList.Tools;
        if (capabilities.Prompts is not null)
            yield return NativeList.Prompts;
        if (capabilities.Resources is null)
            yield break;
        yield return NativeList.Resources;
        yield return NativeList.Templates;
    }

    private static async IAsyncEnumerable<JsonObject> ListAsync(
        McpClient client, NativeList list, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? cursor = null;
        for (var page = 0; page < MaxPages; page++)
        {
            var request = new JsonRpcRequest { Method = list.Method, Params = cursor is null ? new JsonObject() : new JsonObject { ["cursor"] = cursor } };
            var response = await client.SendRequestAsync(request, cancellationToken);
            if (response.Result is not JsonObject result || result[list.Member] is not JsonArray)
                throw new CatalogSourceException($"{list.Method} failed: the result has no array '{list.Member}'.");
            yield return result;
            cursor = result["nextCursor"]?.GetValue<string>();
            if (cursor is null)
                yield break;
        }

        throw new CatalogSourceException($"{list.Method} failed: more than {MaxPages} pages.");
    }

    /// <summary>How long a page may be kept, where the server says so.</summary>
    private static TimeSpan? KeepOf(JsonObject page) =>
        page["ttlMs"] is JsonValue value && value.TryGetValue<double>(out var milliseconds) && milliseconds >= 0 && milliseconds <= MaxKeep.TotalMilliseconds
            ? TimeSpan.FromMilliseconds(milliseconds)
            : null;

    private static TimeSpan? Shorter(TimeSpan? one, TimeSpan? other) => one is null || other < one ? other ?? one : one;

    private static void Take(BackendDefinition backend, NativeList list, JsonObject item, List<OfferedItem> items, List<string> faults)
    {
        if (item[list.Key] is not JsonValue value || !value.TryGetValue<string>(out var name) || name.Length == 0)
            faults.Add($"An item of {list.Method} has no {list.Key}.");
        else
            items.Add(new OfferedItem(list.Kind, name, ToolScopes.Of(backend, name), Encoding.UTF8.GetBytes(item.ToJsonString())));
    }

    /// <summary>One of the four lists of a native server.</summary>
    private sealed record NativeList(CatalogKind Kind, string Method, string Member, string Key)
    {
        public static readonly NativeList Tools = new(CatalogKind.Tool, "tools/list", "tools", "name");
        public static readonly NativeList Prompts = new(CatalogKind.Prompt, "prompts/list", "prompts", "name");
        public static readonly NativeList Resources = new(CatalogKind.Resource, "resources/list", "resources", "uri");
        public static readonly NativeList Templates = new(CatalogKind.Template, "resources/templates/list", "resourceTemplates", "uriTemplate");
    }
}
