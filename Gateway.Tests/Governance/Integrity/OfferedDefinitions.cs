using System.Text;
using System.Text.Json.Nodes;
using Cortex.Foundation.Model;
using Cortex.Governance.Integrity.Definitions;

namespace Cortex.Tests.Governance.Integrity;

/// <summary>What a backend offers before anybody meddles with it.</summary>
internal static class OfferedDefinitions
{
    public const string Pay = """
        {
          "name": "pay_invoice", "title": "Pay an invoice",
          "description": "Pays one open invoice. Asks the person first.",
          "inputSchema": {
            "type": "object",
            "properties": {
              "invoice": {"type": "string", "description": "Number of the invoice", "pattern": "^[0-9]+$"},
              "options": {"type": "object", "properties": {"note": {"type": ["string", "null"], "description": "A note for the payee"}}},
              "currency": {"type": "string", "enum": ["EUR", "USD"], "default": "EUR"}
            },
            "required": ["invoice", "currency"]
          },
          "outputSchema": {"type": "object", "properties": {"paid": {"type": "boolean"}}},
          "annotations": {"readOnlyHint": false, "destructiveHint": true},
          "icons": [{"src": "https://bank.example/pay.png", "mimeType": "image/png"}],
          "_meta": {"cortex.dev/version": "1.0"}
        }
        """;

    public const string Balance = """{"name": "balance", "description": "The balance of an account.", "inputSchema": {"type": "object"}, "annotations": {"readOnlyHint": true}}""";
    public const string Letter = """{"name": "letter", "description": "Writes a reminder.", "arguments": [{"name": "tone", "description": "Kind or firm", "required": true}]}""";
    public const string Invoices = """{"uriTemplate": "invoice://{number}", "name": "Invoices", "description": "One invoice.", "mimeType": "application/json"}""";
    public const string Instructions = "Ask before you pay.";

    public static IReadOnlyList<Definition> All { get; } =
    [
        Tool(Pay, "mcp:bank:write"), Tool(Balance, "mcp:bank:read"), Read(DefinitionKind.Prompt, Letter, "mcp:bank:read"), Read(DefinitionKind.Template, Invoices, "mcp:bank:read"),
        Definition.OfInstructions(Instructions),
    ];

    public static Definition Tool(string json, string scope = "mcp:bank:read") => Read(DefinitionKind.Tool, json, scope);

    public static Definition Tool(JsonNode json, string scope = "mcp:bank:read") => Tool(json.ToJsonString(), scope);

    public static Definition Read(DefinitionKind kind, string json, string? scope)
    {
        var key = kind == DefinitionKind.Template ? "uriTemplate" : "name";
        return Definition.Read(kind, (string)JsonNode.Parse(json)![key]!, scope is null ? null : Scope.Parse(scope), Encoding.UTF8.GetBytes(json));
    }

    /// <summary>The same list with the definition of the same kind in its place.</summary>
    public static Definition[] With(Definition changed) =>
        [.. All.Select(definition => definition.Key == changed.Key ? changed : definition), .. All.Any(definition => definition.Key == changed.Key) ? (Definition[])[] : [changed]];
}
