using System.Text.Json;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Cortex.Tests.Fixtures.Conformance;

/// <summary>The suite's resources and its one template.</summary>
internal static class FixtureResources
{
    public const string Watched = "test://watched-resource";

    private const string Binary = "test://static-binary";

    public static IEnumerable<McpServerResource> All() =>
    [
        Resource("test://static-text", "Static Text Resource", "text/plain", () => "This is the content of the static text resource."),
        Resource(Binary, "Static Binary Resource", "image/png", () =>
            new BlobResourceContents { Uri = Binary, MimeType = "image/png", Blob = FixtureMedia.Image }),
        Resource("test://template/{id}/data", "Resource Template", "application/json", ReadTemplate),
        Resource(Watched, "Watched Resource", "text/plain", () => "This is the content of the watched resource."),
    ];

    private static McpServerResource Resource(string uri, string name, string mimeType, Delegate body) => McpServerResource.Create(
        body, new McpServerResourceCreateOptions { UriTemplate = uri, Name = name, MimeType = mimeType, Description = $"{name} of the conformance suite." });

    private static TextResourceContents ReadTemplate(string id) => new()
    {
        Uri = $"test://template/{id}/data",
        MimeType = "application/json",
        Text = JsonSerializer.Serialize(new { id, templateTest = true, data = $"Data for ID: {id}" }),
    };
}
