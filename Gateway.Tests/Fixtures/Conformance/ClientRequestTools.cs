using System.Text.Json;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Cortex.Tests.Fixtures.Conformance;

/// <summary>Tools that send a request to the client in the middle of a call, as servers of the legacy era may.</summary>
internal static class ClientRequestTools
{
    public static IEnumerable<McpServerTool> All(FixtureNames names) =>
    [
        names.Tool("test_sampling", "Asks the client's model.", SampleAsync),
        names.Tool("test_list_roots", "Asks for the client's roots.", ListRootsAsync),
        names.Tool("test_elicitation", "Asks the person.", (McpServer server, string message, CancellationToken cancellationToken) =>
            ElicitAsync(server, message, ElicitationSchemas.Text("response"), cancellationToken)),
        names.Tool("test_elicitation_sep1034_defaults", "Asks the person, with defaults.", (McpServer server, CancellationToken cancellationToken) =>
            ElicitAsync(server, "Please check the values", ElicitationSchemas.Defaults, cancellationToken)),
        names.Tool("test_elicitation_sep1330_enums", "Asks the person to choose.", (McpServer server, CancellationToken cancellationToken) =>
            ElicitAsync(server, "Please choose", ElicitationSchemas.Choices, cancellationToken)),
    ];

    private static async Task<string> SampleAsync(McpServer server, string prompt, CancellationToken cancellationToken)
    {
        var answer = await server.SampleAsync(InputRequests.Sampling(prompt), cancellationToken);
        return $"LLM response: {answer.Content.OfType<TextContentBlock>().FirstOrDefault()?.Text}";
    }

    private static async Task<string> ListRootsAsync(McpServer server, CancellationToken cancellationToken)
    {
        var answer = await server.RequestRootsAsync(new ListRootsRequestParams(), cancellationToken);
        return $"Roots: {string.Join(", ", answer.Roots.Select(root => root.Uri))}";
    }

    private static async Task<string> ElicitAsync(
        McpServer server, string message, ElicitRequestParams.RequestSchema schema, CancellationToken cancellationToken)
    {
        var answer = await server.ElicitAsync(new ElicitRequestParams { Message = message, RequestedSchema = schema }, cancellationToken);
        return $"User response: {answer.Action} {JsonSerializer.Serialize(answer.Content)}";
    }
}
