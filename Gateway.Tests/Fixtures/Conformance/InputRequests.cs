using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace Cortex.Tests.Fixtures.Conformance;

/// <summary>Builds the requests for input of the modern era, and reads what comes back.</summary>
internal static class InputRequests
{
    /// <summary>Ends this round: the client is to send the answers with its next one.</summary>
    public static InputRequiredException Ask(string? state, params IEnumerable<(string Key, InputRequest Request)> requests) =>
        new(requests.ToDictionary(entry => entry.Key, entry => entry.Request), state);

    /// <summary>A form with one required text.</summary>
    public static InputRequest Text(string message, string field) => Form(message, ElicitationSchemas.Text(field));

    public static InputRequest Form(string message, ElicitRequestParams.RequestSchema schema) =>
        InputRequest.ForElicitation(new ElicitRequestParams { Message = message, RequestedSchema = schema });

    public static InputRequest Model(string prompt) => InputRequest.ForSampling(Sampling(prompt));

    public static InputRequest Roots() => InputRequest.ForRootsList(new ListRootsRequestParams());

    public static CreateMessageRequestParams Sampling(string prompt) => new()
    {
        Messages = [new SamplingMessage { Role = Role.User, Content = [FixtureMedia.Text(prompt)] }],
        MaxTokens = 100,
    };

    /// <summary>A text of an answered form; null when the answer is not there or has another form.</summary>
    public static string? FindText(RequestParams parameters, string key, string field) =>
        parameters.InputResponses?.TryGetValue(key, out var response) is true
        && response.Deserialize(InputResponse.ElicitResultJsonTypeInfo) is { Content: { } content }
        && content.TryGetValue(field, out var value) && value.ValueKind is JsonValueKind.String
            ? value.GetString()
            : null;
}
