using System.Text.Json.Nodes;

namespace Cortex.Demo;

/// <summary>
/// Every method of the demo backend: the tools, and the contract's own methods. The gateway's machine token reaches the catalog
/// methods alone.
/// </summary>
internal sealed class DemoMethods(DemoTools tools, NoteStore notes)
{
    public DemoReply Call(string method, DemoCall call) => method switch
    {
        "list_tools" => Value(new JsonObject { ["tools"] = new JsonArray([.. tools.All.Select(tool => tool.ToJson())]) }),
        "list_prompts" => Value(new JsonObject { ["prompts"] = new JsonArray() }),
        "list_resource_templates" => Value(new JsonObject { ["resourceTemplates"] = new JsonArray() }),
        "get_snapshot" => Value(Snapshot(call.Caller)),
        _ when call.Caller.IsCatalog => new DemoReply.Denied($"A catalog token may not call '{method}'."),
        "whoami" => Value(WhoAmI(call.Caller)),
        _ => CallTool(method, call),
    };

    private static DemoReply.Value Value(JsonObject result) => new(result);

    private static JsonObject WhoAmI(DemoCaller caller) => new()
    {
        ["id"] = caller.Subject,
        ["email"] = caller.Email,
        ["clientId"] = caller.ClientId,
        ["scopes"] = new JsonArray([.. caller.Scopes.Select(scope => JsonValue.Create(scope.Value))]),
    };

    private JsonObject Snapshot(DemoCaller caller)
    {
        var snapshot = new JsonObject
        {
            ["name"] = "Demo notes",
            ["description"] = DemoHelp.Find("overview"),
            ["version"] = "1.0.0",
            ["tools"] = new JsonArray([.. tools.All.Select(tool => JsonValue.Create(tool.Name))]),
        };
        if (!caller.IsCatalog)
            snapshot["notes"] = notes.Count(caller.Subject);
        return snapshot;
    }

    private DemoReply CallTool(string name, DemoCall call)
    {
        var tool = tools.All.FirstOrDefault(tool => tool.Name == name);
        if (tool is null)
            return new DemoReply.BadRequest($"Unknown method '{name}'. list_tools names the tools.");
        return call.Caller.Scopes.Contains(tool.Scope) ? tool.Run(call) : new DemoReply.ScopeMissing(tool.Scope);
    }
}
