using System.Text.Json;
using Cortex.Backends;
using Cortex.Backends.Contract;
using Cortex.Foundation.Outbound;
using Cortex.Identity.Credentials;
using Yarp.ReverseProxy;

namespace Cortex.Catalog;

/// <summary>Reads a contract backend's lists: tools, and prompts and resource templates where it has them.</summary>
internal sealed class ContractCatalogSource(IProxyStateLookup proxy, TimeProvider time) : ICatalogSource
{
    public BackendKind Kind => BackendKind.Contract;

    public async Task<BackendCatalog> ReadAsync(
        BackendDefinition backend, CredentialResult.Granted credential, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(backend.Options.Timeout);
        using var handler = new ClusterHandler(proxy, backend.Id.Value, backend.Options.MaxReplyBytes);
        using var http = new HttpClient(handler);
        try
        {
            var catalog = new ContractCatalog(backend);
            catalog.AddTools(await CallAsync(http, backend, credential, ContractMethods.ListTools, deadline.Token));
            catalog.AddPrompts(await CallAsync(http, backend, credential, ContractMethods.ListPrompts, deadline.Token));
            catalog.AddTemplates(await CallAsync(http, backend, credential, ContractMethods.ListResourceTemplates, deadline.Token));
            return new BackendCatalog(catalog.Items, null, time.GetUtcNow(), catalog.Faults);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException)
        {
            throw new CatalogSourceException($"the catalog can't be read: {exception.Message}", exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CatalogSourceException($"the catalog was not read within {backend.Options.Timeout.TotalSeconds:0.#} s.", exception);
        }
    }

    private static async Task<ContractOutcome> CallAsync(
        HttpClient http, BackendDefinition backend, CredentialResult.Granted credential, string method, CancellationToken cancellationToken)
    {
        using var request = ContractClient.Request(backend, credential.Headers, method, default);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (await response.Content.ReadBoundedAsync(backend.Options.MaxReplyBytes, cancellationToken) is not { } body)
            return new ContractOutcome.Oversized(backend.Options.MaxReplyBytes);
        return ContractReply.Read((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, body);
    }
}
