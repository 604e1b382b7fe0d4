using System.Text;
using Cortex.Foundation.JsonRpc;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.JsonRpc;

/// <summary>What is refused, at which byte, and what the answer may say. The corpus holds the table of all kinds.</summary>
internal sealed class ReaderFaultTests
{
    private static readonly TestCaseData[] Offsets =
    [
        new("", JsonRpcFaultKind.Empty, 0L),
        new("  [1]", JsonRpcFaultKind.Batch, 2L),
        new(" \"ping\"", JsonRpcFaultKind.NotAnObject, 1L),
        new("""{"jsonrpc":"2.0","id":1,"id":2}""", JsonRpcFaultKind.RepeatedKey, 24L),
        new("""{"jsonrpc":"2.0","id":1,"Id":2}""", JsonRpcFaultKind.LookalikeKey, 24L),
        new("""{"jsonrpc":"2.0","id":"\udfff"}""", JsonRpcFaultKind.LoneSurrogate, 22L),
        new("""{"jsonrpc":"1.0","id":1}""", JsonRpcFaultKind.WrongVersion, 11L),
        new("""{"jsonrpc":"2.0","id":[]}""", JsonRpcFaultKind.InvalidId, 22L),
        new("""{"jsonrpc":"2.0","method":1}""", JsonRpcFaultKind.InvalidMethod, 26L),
        new("""{"jsonrpc":"2.0","method":"a","params":[]}""", JsonRpcFaultKind.InvalidParams, 39L),
        new("""{"jsonrpc":"2.0","method":"a"}  x""", JsonRpcFaultKind.TrailingBytes, 32L),
    ];

    [TestCaseSource(nameof(Offsets))]
    public void Fault_tells_its_kind_and_its_place(string json, object kind, long offset)
    {
        var fault = Messages.Read(json, out _);

        Assert.That(fault, Is.EqualTo(new JsonRpcFault((JsonRpcFaultKind)kind, offset)));
    }

    [Test]
    public void Invalid_utf8_is_placed_at_its_first_byte()
    {
        byte[] bytes = [.. "{\"é\":\""u8, 0xC0, 0xAF, .. "\"}"u8];

        var fault = JsonRpcReader.TryRead(bytes, Messages.Members, Messages.MaxDepth, out _);

        Assert.That(fault, Is.EqualTo(new JsonRpcFault(JsonRpcFaultKind.InvalidUtf8, 7)));
    }

    [Test]
    public void Every_fault_has_a_sentence_that_ends_with_its_place([Values] JsonRpcFaultKind kind)
    {
        var sentence = new JsonRpcFault(kind, 42).Describe();

        Assert.That(sentence, kind == JsonRpcFaultKind.None ? Is.EqualTo("Nothing is wrong.") : Does.EndWith(" (at byte 42)."));
        Assert.That(sentence, Does.Not.Contain("was refused"));
    }

    [TestCase("""{"jsonrpc":"2.0","id":5,"method":"a","params":[]}""", "5")]
    [TestCase("""{"jsonrpc":"2.0","id":"x","method":"a","method":"b"}""", "\"x\"")]
    [TestCase("""{"jsonrpc":"1.0","id":5,"method":"a"}""", "5")]
    [TestCase("""{"jsonrpc":"2.0","id":5,"method":"a"} {""", "5")]
    [TestCase("""{"jsonrpc":"2.0","id":5,"method":"a""", "5")]
    public void Fault_behind_the_id_leaves_the_id_for_the_answer(string json, string id)
    {
        var fault = Messages.Read(json, out var envelope);

        Assert.That(fault.IsNone, Is.False);
        Assert.That(Encoding.UTF8.GetString(envelope.Id.Of(Encoding.UTF8.GetBytes(json))), Is.EqualTo(id));
    }

    [TestCase("""{"jsonrpc":"2.0","id":5,"id":6,"method":"a"}""")]
    [TestCase("""{"jsonrpc":"2.0","id":1.5,"method":"a"}""")]
    [TestCase("""{"jsonrpc":"2.0","id":{"a":1},"method":"a"}""")]
    public void Id_that_is_ambiguous_or_invalid_is_not_repeated(string json)
    {
        Messages.Read(json, out var envelope);

        Assert.That(envelope.IdKind, Is.EqualTo(JsonRpcIdKind.None));
        Assert.That(envelope.Id.IsEmpty);
    }

    [TestCase(JsonRpcFaultKind.InvalidJson, -32700)]
    [TestCase(JsonRpcFaultKind.TooDeep, -32700)]
    [TestCase(JsonRpcFaultKind.Batch, -32600)]
    [TestCase(JsonRpcFaultKind.RepeatedKey, -32600)]
    [TestCase(JsonRpcFaultKind.InvalidParams, -32602)]
    public void Fault_has_the_code_of_json_rpc(JsonRpcFaultKind kind, int code) =>
        Assert.That(new JsonRpcFault(kind, 0).Code, Is.EqualTo(code));

    [TestCase("""{"jsonrpc":"2.0","method":"a","params":{}}""", 2, JsonRpcFaultKind.None)]
    [TestCase("""{"jsonrpc":"2.0","method":"a","params":{"b":[]}}""", 2, JsonRpcFaultKind.TooDeep)]
    [TestCase("""{"jsonrpc":"2.0","method":"a","params":{}}""", 1, JsonRpcFaultKind.TooDeep)]
    [TestCase("""{"jsonrpc":"2.0","method":"a","b":[{}]}""", 2, JsonRpcFaultKind.TooDeep)]
    [TestCase("""{"jsonrpc":"2.0","method":"a","params":{"_meta":{}}}""", 2, JsonRpcFaultKind.TooDeep)]
    public void Depth_limit_counts_open_containers(string json, int maxDepth, JsonRpcFaultKind expected)
    {
        var fault = JsonRpcReader.TryRead(Encoding.UTF8.GetBytes(json), Messages.Members, maxDepth, out _);

        Assert.That(fault.Kind, Is.EqualTo(expected));
    }
}
