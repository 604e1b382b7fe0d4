using System.Net;
using System.Net.Sockets;
using System.Text;
using Cortex.Foundation.Outbound;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;

namespace Cortex.Tests.Foundation.Outbound;

/// <summary>Foreign documents, and the servers that would misuse the asking.</summary>
internal sealed class DocumentFetcherTests
{
    private readonly FakeTimeProvider _time = new();
    private WireMockServer _server = null!;
    private List<string> _resolved = null!;

    [SetUp]
    public void Start()
    {
        _server = WireMockServer.Start();
        _resolved = [];
    }

    [TearDown]
    public void Stop() => _server.Dispose();

    [Test]
    public async Task Document_within_the_limits_is_received()
    {
        _server.Given(Request.Create().WithPath("/doc")).RespondWith(Response.Create().WithHeader("Cache-Control", "max-age=60").WithBody("{}"));

        var result = (FetchResult.Received)await FetchAsync("/doc", OutboundTrust.Operator);

        Assert.That(Encoding.UTF8.GetString(result.Body), Is.EqualTo("{}"));
        Assert.That(result.MaxAge, Is.EqualTo(TimeSpan.FromMinutes(1)));
    }

    [Test]
    public async Task Name_that_resolves_to_a_private_address_is_not_connected_to()
    {
        _server.Given(Request.Create().WithPath("/doc")).RespondWith(Response.Create().WithBody("{}"));
        using var clients = new GuardedHttpClients((host, _) =>
        {
            _resolved.Add(host);
            return Task.FromResult(new[] { IPAddress.Loopback, IPAddress.Parse("10.0.0.1"), IPAddress.Parse("::ffff:127.0.0.1") });
        });

        var result = await new DocumentFetcher(clients, TimeProvider.System).FetchAsync(
            new Uri($"https://metadata.example:{_server.Port}/doc"), OutboundTrust.Discovered, 1024, CancellationToken.None);

        Assert.That(result, Is.TypeOf<FetchResult.Failed>());
        Assert.That(((FetchResult.Failed)result).Reason, Does.Contain("no address that may be called"));
        Assert.That(_resolved, Is.EqualTo(new[] { "metadata.example" }), "resolved once, so that no second answer can differ");
        Assert.That(_server.LogEntries, Is.Empty);
    }

    [TestCase(OutboundTrust.Discovered, false)]
    [TestCase(OutboundTrust.DiscoveredOnLoopback, true)]
    public async Task Loopback_is_for_what_loopback_told(OutboundTrust trust, bool reached)
    {
        _server.Given(Request.Create().WithPath("/doc")).RespondWith(Response.Create().WithBody("{}"));

        Assert.That(await FetchAsync("/doc", trust), reached ? Is.TypeOf<FetchResult.Received>() : Is.TypeOf<FetchResult.Failed>());
    }

    [TestCase(301)]
    [TestCase(302)]
    [TestCase(307)]
    public async Task Redirect_is_not_followed(int status)
    {
        _server.Given(Request.Create().WithPath("/doc")).RespondWith(
            Response.Create().WithStatusCode(status).WithHeader("Location", _server.Url + "/inside"));

        var result = await FetchAsync("/doc?token=secret", OutboundTrust.Operator);

        Assert.That(((FetchResult.Failed)result).Reason, Does.EndWith($"/doc answered {status}"));
        Assert.That(_server.LogEntries.Select(entry => entry.RequestMessage?.Path), Is.EqualTo(new[] { "/doc" }));
    }

    [TestCase(1024, true)]
    [TestCase(1025, false)]
    public async Task Body_beyond_the_cap_is_not_taken(int length, bool taken)
    {
        _server.Given(Request.Create().WithPath("/doc")).RespondWith(Response.Create().WithBody(new string('x', length)));

        Assert.That(await FetchAsync("/doc", OutboundTrust.Operator), taken ? Is.TypeOf<FetchResult.Received>() : Is.TypeOf<FetchResult.Failed>());
    }

    [Test]
    public async Task Body_without_a_length_is_cut_off_at_the_cap()
    {
        using var content = new StreamContent(new EndlessStream());

        Assert.That(await content.ReadBoundedAsync(4096, CancellationToken.None), Is.Null);
    }

    [Test]
    public async Task Server_that_never_answers_ends_at_the_deadline()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var clients = new GuardedHttpClients(Dns.GetHostAddressesAsync);
        var fetch = new DocumentFetcher(clients, _time).FetchAsync(
            new Uri($"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/doc"), OutboundTrust.Operator, 1024, CancellationToken.None);
        using var accepted = await silent.AcceptTcpClientAsync();

        _time.Advance(DocumentFetcher.Deadline);

        Assert.That(((FetchResult.Failed)await fetch).Reason, Does.EndWith("did not answer within 10 s"));
    }

    private async Task<FetchResult> FetchAsync(string path, OutboundTrust trust)
    {
        using var clients = new GuardedHttpClients(Dns.GetHostAddressesAsync);
        return await new DocumentFetcher(clients, TimeProvider.System).FetchAsync(new Uri(_server.Url + path), trust, 1024, CancellationToken.None);
    }

    private sealed class EndlessStream : MemoryStream
    {
        public override bool CanSeek => false;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(buffer.Length);
    }
}
