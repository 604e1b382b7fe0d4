using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;
using Cortex.Backends;
using Cortex.Backends.Contract;
using Cortex.Identity.Credentials;
using Yarp.ReverseProxy;

namespace Cortex.Catalog;

/// <summary>Reads a contract backend's tools by its <c>list_tools</c>, as the gateway itself.</summary>
internal sealed class ContractCatalogSource(IProxyStateLookup proxy, CredentialResolver credentials, TimeProvider time) : ICatalogSource
{
    public BackendKind Kind => BackendKind.Contract;

    public async Task<BackendCatalog> ReadAsync(BackendDefinition backend, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(backend.Options.Timeout);
        using var handler = new ClusterHandler(proxy, backend.Id.Value);
        using var http = new HttpClient(handler) { MaxResponseContentBufferSize = backend.Options.MaxReplyBytes };
        using var request = Request(backend);
        try
        {
            using var response = await http.SendAsync(request, deadline.Token);
            var body = await response.Content.ReadAsByteArrayAsync(deadline.Token);
            return ContractReply.Read((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, body) switch
            {
                ContractOutcome.Returned returned => Parse(returned.Json),
                var outcome => throw new CatalogSourceException($"list_tools failed: {ContractOutcomeText.ForOperators(outcome)}"),
            };
        }
        catch (HttpRequestException exception)
        {
            throw new CatalogSourceException($"list_tools failed: {exception.Message}", exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CatalogSourceException($"list_tools did not answer within {backend.Options.Timeout.TotalSeconds:0.#} s.", exception);
        }
    }

    private HttpRequestMessage Request(BackendDefinition backend)
    {
        var body = new ArrayBufferWriter<byte>();
        ContractRequest.Write(body, ContractMethods.ListTools, []);
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"http://{backend.Id}.invalid{backend.Path}"))
        {
            Content = new ByteArrayContent(body.WrittenSpan.ToArray()),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Accept.ParseAdd("application/json");
        foreach (var (name, value) in credentials.ForCatalog(backend).Headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    private BackendCatalog Parse(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind != JsonValueKind.Object
            || !document.RootElement.TryGetProperty("tools", out var entries) || entries.ValueKind != JsonValueKind.Array)
            throw new CatalogSourceException("list_tools failed: the reply has no array 'tools'.");
        var tools = new List<OfferedItem>();
        var faults = new List<string>();
        foreach (var entry in entries.EnumerateArray())
        {
            try
            {
                var tool = ContractTool.Read(entry);
                tools.Add(new OfferedItem(tool.Name, tool.Scope, tool.McpJson));
            }
            catch (FormatException exception)
            {
                faults.Add(exception.Message);
            }
        }

        return new BackendCatalog(tools, null, time.GetUtcNow(), faults);
    }
}
