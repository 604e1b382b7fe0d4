using System.Diagnostics;
using System.IO.Compression;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Cortex.Mcp;
using Cortex.Tests.Fixtures;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace Cortex.Tests.Mcp;

/// <summary>Bodies and heads that cost more than they should: what may not get in, and what gets in must be done with quickly.</summary>
internal sealed class BodyTests
{
    private const int Limit = 4 * 1024 * 1024;

    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(5);

    private GatewayHost _gateway = null!;
    private TestPerson _alice = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _gateway = await GatewayHost.StartAsync("backends: {}");
        _alice = await TestPerson.SignInAsync(_gateway, "alice@example.com", "openid");
        await _alice.LegacyAsync("ping");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _alice.Dispose();
        await _gateway.DisposeAsync();
    }

    [TestCase("application/json; charset=utf-16")]
    [TestCase("application/json; charset=iso-8859-1")]
    [TestCase("application/vnd.api+json")]
    [TestCase("text/json")]
    [TestCase("application/jsonx")]
    [TestCase("application/json, text/plain")]
    [TestCase("")]
    public async Task Body_of_another_type_is_refused(string contentType)
    {
        var reply = await _alice.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"ping"}""", request =>
        {
            request.Content!.Headers.Remove("Content-Type");
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        });
        Assert.That(reply.Status, Is.EqualTo(415));
        Assert.That((string)reply.Error["message"]!, Does.Contain("application/json"));
    }

    [TestCase("application/json")]
    [TestCase("application/json; charset=utf-8")]
    [TestCase("Application/JSON;Charset=\"UTF-8\"")]
    public async Task Json_in_utf8_is_read_however_it_is_spelled(string contentType)
    {
        var reply = await _alice.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"ping"}""", request =>
        {
            request.Content!.Headers.Remove("Content-Type");
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        });
        Assert.That(reply.Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Compressed_body_is_refused_and_told_so()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
            await gzip.WriteAsync("""{"jsonrpc":"2.0","id":1,"method":"ping"}"""u8.ToArray());
        var reply = await _alice.PostAsync("", request =>
        {
            request.Content = new ByteArrayContent(packed.ToArray());
            request.Content.Headers.Add("Content-Type", "application/json");
            request.Content.Headers.Add("Content-Encoding", "gzip");
        });
        Assert.That(reply.Status, Is.EqualTo(415));
        Assert.That((string)reply.Error["message"]!, Does.Contain("Content-Encoding"));
    }

    [TestCase("application/json")]
    [TestCase("text/event-stream")]
    public async Task Client_that_accepts_one_of_the_two_types_is_refused(string accept)
    {
        var reply = await _alice.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"ping"}""", request =>
        {
            request.Headers.Accept.Clear();
            request.Headers.Add("Accept", accept);
        });
        Assert.That(reply.Status, Is.EqualTo(406));
        Assert.That(reply.ErrorCode, Is.EqualTo(-32600));
        Assert.That((string)reply.Error["message"]!, Does.Contain("application/json").And.Contain("text/event-stream"));
    }

    [Test]
    public async Task Client_that_says_nothing_of_what_it_accepts_is_served()
    {
        var reply = await _alice.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"ping"}""", request => request.Headers.Accept.Clear());
        Assert.That(reply.Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Get_that_does_not_accept_a_stream_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _gateway.McpUrl) { Headers = { { "Accept", "application/json" } } };
        using var reply = await _alice.Http.SendAsync(request);
        Assert.That((int)reply.StatusCode, Is.EqualTo(406));
    }

    [Test]
    public async Task Head_that_is_too_large_is_refused()
    {
        var line = await RawAsync($"POST /mcp HTTP/1.1\r\nHost: localhost\r\nX-Long: {new string('a', 40_000)}\r\n\r\n");
        Assert.That(line, Does.Contain("431"));
    }

    [TestCase("Content-Length: 2\r\nContent-Length: 3\r\n")]
    [TestCase("Content-Length: 2, 2\r\n")]
    [TestCase("Content-Length: -2\r\n")]
    [TestCase("Content-Length: 0x2\r\n")]
    public async Task Length_that_can_be_read_in_two_ways_is_refused(string lengths)
    {
        var line = await RawAsync($"POST /mcp HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {_alice.AccessToken}\r\nContent-Type: application/json\r\n{lengths}\r\n{{}}");
        Assert.That(line, Does.Contain(" 400 "));
    }

    [Test]
    public async Task Two_content_types_are_refused()
    {
        var line = await RawAsync(
            $"POST /mcp HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {_alice.AccessToken}\r\nContent-Type: application/json\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n{{}}");
        Assert.That(line, Does.Contain(" 415 "));
    }

    /// <summary>Kestrel's least data rate: 240 bytes a second after 5 seconds of grace.</summary>
    [Test]
    public async Task Body_that_trickles_is_given_up()
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync("localhost", new Uri(_gateway.Url).Port);
        await using var stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /mcp HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {_alice.AccessToken}\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n"));
        using var reader = new StreamReader(stream);
        var watch = Stopwatch.StartNew();
        var answer = reader.ReadLineAsync();
        while (!answer.IsCompleted && watch.Elapsed < TimeSpan.FromSeconds(10))
        {
            await stream.WriteAsync(" "u8.ToArray());
            await Task.WhenAny(answer, Task.Delay(100));
        }

        Assert.That(answer.IsCompleted, "no answer within 10 s");
        Assert.That(await answer, Does.Contain(" 408 "));
    }

    [Test]
    public void Buffer_of_a_body_that_breaks_off_is_given_back()
    {
        var body = new BreakingStream();
        var request = new DefaultHttpContext { Request = { Body = body } }.Request;
        Assert.That(async () => await RequestBody.ReadAsync(request, Limit, CancellationToken.None), Throws.InstanceOf<IOException>());
        Assert.That(MemoryMarshal.TryGetArray<byte>(body.Given, out var given));
        var next = System.Buffers.ArrayPool<byte>.Shared.Rent(given.Array!.Length);
        Assert.That(next, Is.SameAs(given.Array));
        System.Buffers.ArrayPool<byte>.Shared.Return(next);
    }

    private static IEnumerable<TestCaseData> Bombs()
    {
        const string head = """{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":""";
        const int room = Limit - 200;
        yield return Row("arrays within arrays", head + new string('[', room) + "}}", 400);
        yield return Row("objects within objects", head + Repeat("{\"a\":", room) + "}}", 400);
        yield return Row("nothing but open arrays", new string('[', room), 400);
        yield return Row("a batch of many", $"[{Repeat("{},", room)}{{}}]", 400);
        yield return Row("a wide batch of nothing", $"[{Repeat("0,", room)}0]", 400);
        yield return Row("many small keys", head + "{" + Repeat("\"a\":0,", room) + "\"b\":0}}}", 200);
        yield return Row("many small keys at the top", $$"""{"jsonrpc":"2.0","id":1,"method":"ping",{{Repeat("\"a\":0,", room)}}"b":0}""", 200);
        yield return Row("many small keys in _meta", """{"jsonrpc":"2.0","id":1,"method":"ping","params":{"_meta":{""" + Repeat("\"a\":0,", room) + "\"b\":0}}}", 200);
        yield return Row("many escaped keys", head + "{" + Repeat("\"\\u0061\":0,", room) + "\"b\":0}}}", 200);
        yield return Row("a giant number", $"{head}{new string('9', room)}}}}}", 200);
        yield return Row("a giant exponent", $"{head}1e{new string('9', room)}}}}}", 200);
        yield return Row("a giant id", $$"""{"jsonrpc":"2.0","id":{{new string('9', room)}},"method":"ping"}""", 400);
        yield return Row("a giant method", $$"""{"jsonrpc":"2.0","id":1,"method":"{{new string('a', room)}}"}""", 200);
        yield return Row("a giant text", $"{head}\"{new string('a', room)}\"}}}}", 200);
        yield return Row("a giant text of escapes", $"{head}\"{Repeat("\\u0000", room)}\"}}}}", 200);
        yield return Row("a giant tool name of escapes", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":""" + "\"" + Repeat("\\u0061", room) + "\"}}", 200);
        yield return Row("white space", new string(' ', room) + """{"jsonrpc":"2.0","id":1,"method":"ping"}""", 200);

        static TestCaseData Row(string what, string body, int status) => new TestCaseData(body, status).SetArgDisplayNames(what);

        static string Repeat(string text, int room) => new StringBuilder().Insert(0, text, room / text.Length).ToString();
    }

    [TestCaseSource(nameof(Bombs))]
    public async Task Message_made_to_cost_is_done_with_quickly(string body, int status)
    {
        var watch = Stopwatch.StartNew();
        var reply = await _alice.PostAsync(body);
        Assert.That(reply.Status, Is.EqualTo(status), reply.Body[..Math.Min(300, reply.Body.Length)]);
        Assert.That(reply.Body, Has.Length.LessThan(2000));
        Assert.That(watch.Elapsed, Is.LessThan(Quick));
    }

    private async Task<string?> RawAsync(string request)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync("localhost", new Uri(_gateway.Url).Port);
        await using var stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(stream);
        return await reader.ReadLineAsync();
    }

    /// <summary>Keeps the memory it is to read into, and fails.</summary>
    private sealed class BreakingStream : MemoryStream
    {
        public Memory<byte> Given { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Given = buffer;
            throw new IOException("Broken.");
        }
    }
}
