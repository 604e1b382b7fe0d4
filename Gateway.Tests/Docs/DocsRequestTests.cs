using System.Net;
using System.Text.RegularExpressions;
using Cortex.Tests.Docs.Commands;
using Cortex.Tests.Docs.Shell;
using Cortex.Tests.Fixtures;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using NUnit.Framework;

namespace Cortex.Tests.Docs;

/// <summary>Requests that the documentation shows, as <c>curl</c> or as <c>METHOD /path</c>, are ones that a running gateway answers.</summary>
internal sealed partial class DocsRequestTests
{
    /// <summary>Parts of the hosts' names that stand for the gateway.</summary>
    private static readonly string[] GatewayNames = ["localhost", "127.0.0.1", "mcp", "cortex", "demo", "gateway"];

    /// <summary>Paths of what stands behind the gateway or watches it from its own port.</summary>
    private static readonly string[] Others = ["/api/cortex/backend"];

    private GatewayHost _gateway = null!;
    private HttpClient _http = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _gateway = await GatewayHost.StartAsync("backends: {}");
        _http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(_gateway.Url) };
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _http.Dispose();
        await _gateway.DisposeAsync();
    }

    [Test]
    public async Task Requests_are_ones_that_the_gateway_answers()
    {
        var faults = new List<string>();
        foreach (var (place, method, path) in DocsPages.All.SelectMany(page => Commands(page).Concat(Mentions(page))).Where(request => !Others.Contains(request.Path)))
        {
            if (!HasEndpoint(method, path) && !await AnswersAsync(method, path))
                faults.Add($"{place}: the gateway has no {method} {path}.");
        }

        Assert.That(faults, Is.Empty);
    }

    [TestCase("GET", "/api/admin/nothing", false)]
    [TestCase("PUT", "/api/admin/persons/p_1/disable", false)]
    [TestCase("POST", "/api/admin/persons/p_1/disable", true)]
    [TestCase("POST", "/oauth/token", true)]
    [TestCase("GET", "/readyz", true)]
    [TestCase("GET", "/nothing", false)]
    public async Task A_request_that_no_endpoint_takes_is_told(string method, string path, bool isThere) =>
        Assert.That(HasEndpoint(method, path) || await AnswersAsync(method, path), Is.EqualTo(isThere));

    private bool HasEndpoint(string method, string path) => _gateway.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Any(endpoint =>
        Matches(endpoint.RoutePattern, path) && (endpoint.Metadata.GetMetadata<HttpMethodMetadata>() is not { HttpMethods: { Count: > 0 } methods } || methods.Contains(method)));

    private static bool Matches(RoutePattern pattern, string path)
    {
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return segments.Length == pattern.PathSegments.Count && pattern.PathSegments.Zip(segments).All(pair =>
            pair.First.Parts is not [RoutePatternLiteralPart literal] || literal.Content.Equals(pair.Second, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Asks for real: middleware answers without an endpoint.</summary>
    private async Task<bool> AnswersAsync(string method, string path)
    {
        if (path.StartsWith("/api/admin", StringComparison.Ordinal))
            return false;
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return answer.StatusCode is not (HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed);
    }

    private static IEnumerable<(string Place, string Method, string Path)> Commands(DocsPage page)
    {
        var variables = page.Blocks.Select(block => block.Text).Concat(page.Prose.Select(line => line.Text)).SelectMany(text => Variable().Matches(text))
            .GroupBy(match => match.Groups["name"].Value).ToDictionary(group => group.Key, group => group.First().Groups["value"].Value);
        var scripts = page.Blocks.Where(block => block.Language is "sh" or "bash").Select(block => (block.Line, block.Text))
            .Concat(page.InlineCode.Where(code => code.Code.StartsWith("curl ", StringComparison.Ordinal)).Select(code => (code.Line - 1, code.Code)));
        foreach (var (line, script) in scripts)
        {
            foreach (var command in ShellReader.Read(script).Where(command => command.Program == "curl"))
            {
                var (method, address, _) = CurlCommand.Read(command);
                var whole = VariableUse().Replace(address, use => variables.GetValueOrDefault(use.Groups["name"].Value, "http://localhost"));
                if (Uri.TryCreate(whole, UriKind.Absolute, out var uri) && (uri.Host == "127.0.0.1" || GatewayNames.Contains(uri.Host.Split('.')[0])))
                    yield return ($"{page}:{line + command.Line}", method, Plain(uri.GetComponents(UriComponents.Path | UriComponents.KeepDelimiter, UriFormat.Unescaped)));
            }
        }
    }

    private static IEnumerable<(string Place, string Method, string Path)> Mentions(DocsPage page) => page.InlineCode
        .Select(code => (code.Line, Match: Mention().Match(code.Code))).Where(found => found.Match.Success)
        .Select(found => ($"{page}:{found.Line}", found.Match.Groups["method"].Value, Plain(found.Match.Groups["path"].Value)));

    /// <summary>A path without its query and its placeholders.</summary>
    private static string Plain(string path) => Placeholder().Replace(path.Split('?')[0], "x");

    [GeneratedRegex(@"\b(?<name>[A-Z][A-Z0-9_]*)=[""']?(?<value>https?://[^\s""'`]+)")]
    private static partial Regex Variable();

    [GeneratedRegex(@"\$\{?(?<name>[A-Z][A-Z0-9_]*)\}?")]
    private static partial Regex VariableUse();

    [GeneratedRegex(@"^(?<method>GET|POST|PUT|PATCH|DELETE) (?<path>/[^\s…]*)$")]
    private static partial Regex Mention();

    [GeneratedRegex(@"\{[^}]*\}|<[^>]*>|\.\.\.")]
    private static partial Regex Placeholder();
}
