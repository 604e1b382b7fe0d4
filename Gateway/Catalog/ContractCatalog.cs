using System.Text.Json;
using Cortex.Backends;
using Cortex.Backends.Contract;

namespace Cortex.Catalog;

/// <summary>
/// Gathers the lists of one contract backend. Tools are a must; a backend that does not know the other lists has none. An entry that breaks
/// the contract is left out and reported, the others stay.
/// </summary>
internal sealed class ContractCatalog(BackendDefinition backend)
{
    private readonly List<OfferedItem> _items = [];
    private readonly List<string> _faults = [];

    public IReadOnlyList<OfferedItem> Items => _items;

    public IReadOnlyList<string> Faults => _faults;

    /// <exception cref="CatalogSourceException">The backend gave no list.</exception>
    public void AddTools(ContractOutcome outcome)
    {
        if (outcome is not ContractOutcome.Returned returned)
            throw new CatalogSourceException($"list_tools failed: {ContractOutcomeText.ForOperators(outcome)}");
        if (!TryAdd(returned, "tools", entry =>
            {
                var tool = ContractTool.Read(entry);
                return new OfferedItem(CatalogKind.Tool, tool.Name, tool.Scope, tool.McpJson);
            }))
            throw new CatalogSourceException("list_tools failed: the reply has no array 'tools'.");
    }

    public void AddPrompts(ContractOutcome outcome) => AddOptional(outcome, CatalogKind.Prompt, ContractMethods.ListPrompts, "prompts", "name");

    public void AddTemplates(ContractOutcome outcome) =>
        AddOptional(outcome, CatalogKind.Template, ContractMethods.ListResourceTemplates, "resourceTemplates", "uriTemplate");

    private void AddOptional(ContractOutcome outcome, CatalogKind kind, string method, string member, string key)
    {
        // 403 without a scope to ask for: a backend that lets the gateway's own token reach nothing but the lists it has.
        if (outcome is ContractOutcome.Denied || UnknownMethod.Means(outcome))
            return;
        if (outcome is not ContractOutcome.Returned returned)
            _faults.Add($"{method} failed: {ContractOutcomeText.ForOperators(outcome)}");
        else if (!TryAdd(returned, member, entry => Read(kind, key, entry)))
            _faults.Add($"{method} failed: the reply has no array '{member}'.");
    }

    private bool TryAdd(ContractOutcome.Returned returned, string member, Func<JsonElement, OfferedItem> read)
    {
        using var document = JsonDocument.Parse(returned.Json);
        if (document.RootElement.ValueKind != JsonValueKind.Object
            || !document.RootElement.TryGetProperty(member, out var entries) || entries.ValueKind != JsonValueKind.Array)
            return false;
        foreach (var entry in entries.EnumerateArray())
        {
            try
            {
                _items.Add(read(entry));
            }
            catch (Exception exception) when (exception is FormatException or InvalidOperationException)
            {
                // An InvalidOperationException: a text that is half a surrogate pair.
                _faults.Add(exception.Message);
            }
        }

        return true;
    }

    private OfferedItem Read(CatalogKind kind, string key, JsonElement entry)
    {
        var entryRead = ContractEntry.Read(entry, key);
        return new OfferedItem(kind, entryRead.Name, entryRead.Scope ?? backend.DefaultScope, entryRead.McpJson);
    }
}
