using Cortex.Tests.Fixtures;
using Cortex.Tests.Fixtures.Conformance;
using Cortex.Tests.Mcp.Links;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using NUnit.Framework;

namespace Cortex.Tests.Clients;

/// <summary>Real clients, in both eras, whose person has not linked the account that a tool takes: those that open addresses, and those that don't.</summary>
internal sealed class LinkingClientTests
{
    private const string Tool = "test_simple_text";

    private LinkedCallStage _stage = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _stage = await LinkedCallStage.StartAsync(TimeSpan.FromMinutes(1));

    [OneTimeTearDown]
    public async Task StopAsync() => await _stage.DisposeAsync();

    [Test]
    public async Task Modern_SDK_for_CSharp_asks_its_person_and_gets_the_result()
    {
        var (person, key) = await _stage.NewPersonAsync();
        using var owned = person;
        ElicitRequestParams? asked = null;
        await using var client = await ConnectAsync(person, EraStage.Modern, async request =>
        {
            asked = request;
            await _stage.LinkAsync(key, "linked-by-the-sdk");
            return new ElicitResult { Action = "accept" };
        });

        var result = await client.CallToolAsync(Tool);

        Assert.That(SdkClient.TextOf(result), Is.EqualTo(ContentTools.SimpleText));
        Assert.That(asked?.Mode, Is.EqualTo("url"));
        Assert.That(_stage.Read(asked!.Url!).Person, Is.EqualTo(key.Person));
    }

    [Test]
    public async Task Legacy_SDK_for_CSharp_tells_its_application_what_to_open()
    {
        var (person, key) = await _stage.NewPersonAsync();
        using var owned = person;
        await using var client = await ConnectAsync(person, EraStage.Legacy, _ => Task.FromResult(new ElicitResult()));

        var required = (await Assert.ThrowsAsync<UrlElicitationRequiredException>(async () => await client.CallToolAsync(Tool)))!;
        Assert.That(_stage.Read(required.Elicitations.Single().Url!).Person, Is.EqualTo(key.Person));
        await _stage.LinkAsync(key, "linked-after-the-error");

        Assert.That(SdkClient.TextOf(await client.CallToolAsync(Tool)), Is.EqualTo(ContentTools.SimpleText));
    }

    [TestCase(EraStage.Legacy)]
    [TestCase(EraStage.Modern)]
    public async Task SDK_for_CSharp_that_opens_nothing_has_the_address_in_the_result(string version)
    {
        var (person, key) = await _stage.NewPersonAsync();
        using var owned = person;
        await using var client = await ConnectAsync(person, version, null);

        var result = await client.CallToolAsync(Tool);

        Assert.That(result.IsError, Is.True);
        Assert.That(_stage.ReadFrom(result.Content.OfType<TextContentBlock>().Single().Text).Person, Is.EqualTo(key.Person));
    }

    [Test]
    public async Task Client_of_npm_is_told_what_to_open_and_has_its_result_once_that_is_done([Values] bool modern)
    {
        var (person, key) = await _stage.NewPersonAsync();
        using var owned = person;
        await using var run = NodeClient.Start(modern, _stage.Gateway.McpUrl, person.AccessToken, "link", "--tool", Tool);

        var open = await run.StepAsync("open");
        Assert.That(_stage.Read(open.GetProperty("url").GetString()!).Person, Is.EqualTo(key.Person));
        await _stage.LinkAsync(key, $"linked-for-npm-{modern}");

        var sight = await run.EndAsync();
        Assert.That(sight.Error, Is.Null);
        Assert.That(sight.ResultText, Is.EqualTo(ContentTools.SimpleText));
    }

    [Test]
    public async Task Client_of_npm_that_opens_nothing_has_the_address_in_the_result([Values] bool modern)
    {
        var (person, key) = await _stage.NewPersonAsync();
        using var owned = person;
        await using var run = NodeClient.Start(modern, _stage.Gateway.McpUrl, person.AccessToken, "call", "--tool", Tool);

        var sight = await run.EndAsync();

        Assert.That(sight.Error, Is.Null);
        Assert.That(_stage.ReadFrom(sight.ResultText!).Person, Is.EqualTo(key.Person));
    }

    private async Task<McpClient> ConnectAsync(TestPerson person, string version, Func<ElicitRequestParams, Task<ElicitResult>>? elicit)
    {
        var transport = new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = new Uri(_stage.Gateway.McpUrl),
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {person.AccessToken}" },
        });
        return await McpClient.CreateAsync(transport, new McpClientOptions
        {
            ProtocolVersion = version,
            Capabilities = elicit is null ? null : new ClientCapabilities { Elicitation = new ElicitationCapability { Form = new FormElicitationCapability(), Url = new UrlElicitationCapability() } },
            Handlers = elicit is null ? new McpClientHandlers() : new McpClientHandlers { ElicitationHandler = async (request, _) => await elicit(request!) },
        });
    }
}
