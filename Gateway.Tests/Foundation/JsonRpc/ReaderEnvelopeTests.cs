using System.Text;
using System.Text.Json;
using Cortex.Foundation.JsonRpc;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.JsonRpc;

/// <summary>What the reader finds in a valid message.</summary>
internal sealed class ReaderEnvelopeTests
{
    [TestCase("""{"jsonrpc":"2.0","id":1,"method":"ping"}""", JsonRpcKind.Request, JsonRpcIdKind.Number)]
    [TestCase("""{"jsonrpc":"2.0","id":"a","method":"ping"}""", JsonRpcKind.Request, JsonRpcIdKind.String)]
    [TestCase("""{"jsonrpc":"2.0","id":"","method":"ping"}""", JsonRpcKind.Request, JsonRpcIdKind.String)]
    [TestCase("""{"jsonrpc":"2.0","method":"ping"}""", JsonRpcKind.Notification, JsonRpcIdKind.None)]
    [TestCase("""{"jsonrpc":"2.0","id":1,"result":null}""", JsonRpcKind.Response, JsonRpcIdKind.Number)]
    [TestCase("""{"jsonrpc":"2.0","id":"a","error":{}}""", JsonRpcKind.Response, JsonRpcIdKind.String)]
    [TestCase("""{"jsonrpc":"2.0","id":null,"error":{}}""", JsonRpcKind.Response, JsonRpcIdKind.Null)]
    [TestCase("""{"jsonrpc":"2.0","error":{}}""", JsonRpcKind.Response, JsonRpcIdKind.None)]
    public void Kind_and_id_follow_from_the_members(string json, JsonRpcKind kind, JsonRpcIdKind idKind)
    {
        var fault = Messages.Read(json, out var envelope);

        Assert.That(fault, Is.EqualTo(default(JsonRpcFault)));
        Assert.That((envelope.Kind, envelope.IdKind), Is.EqualTo((kind, idKind)));
    }

    [Test]
    public void Call_gives_raw_ranges_of_all_that_was_asked_for()
    {
        const string json = """
            { "params": { "_meta": {"io.modelcontextprotocol/protocolVersion" : "v"}, "arguments":{"a":[1, 2]}, "name":"n\u0061" },
              "method":"tools\/call", "id":"i\n", "jsonrpc":"2.0" }
            """;
        var bytes = Encoding.UTF8.GetBytes(json);

        Messages.Read(json, out var envelope);

        Assert.That(Text(envelope.Id), Is.EqualTo("\"i\\n\""));
        Assert.That(Text(envelope.Method), Is.EqualTo("\"tools\\/call\""));
        Assert.That(envelope.MethodIs(bytes, "tools/call"u8));
        Assert.That(envelope.MethodIs(bytes, "tools/calls"u8), Is.False);
        Assert.That(Text(envelope.Params), Does.StartWith("{ \"_meta\"").And.EndsWith("\"n\\u0061\" }"));
        Assert.That(Member(Messages.Name), Is.EqualTo(("\"n\\u0061\"", JsonValueKind.String, true)));
        Assert.That(Member(Messages.Arguments), Is.EqualTo(("{\"a\":[1, 2]}", JsonValueKind.Object, false)));
        Assert.That(Member(Messages.Version), Is.EqualTo(("\"v\"", JsonValueKind.String, false)));
        Assert.That(envelope.TryGet(Messages.Uri, out _), Is.False);
        Assert.That(envelope.Result.IsEmpty && envelope.Error.IsEmpty);

        string Text(ByteRange range) => Encoding.UTF8.GetString(range.Of(bytes));
        (string, JsonValueKind, bool) Member(int index) =>
            envelope.TryGet(index, out var member) ? (Text(member.Value), member.Kind, member.Escaped) : default;
    }

    [Test]
    public void Member_below_a_value_that_is_no_object_is_absent()
    {
        Messages.Read("""{"jsonrpc":"2.0","id":1,"result":[{"resultType":"complete"}]}""", out var envelope);

        Assert.That(envelope.TryGet(Messages.ResultType, out _), Is.False);
    }

    [Test]
    public void Key_of_the_same_name_at_another_place_is_not_the_member()
    {
        Messages.Read("""{"jsonrpc":"2.0","id":1,"name":"x","method":"m","params":{"a":{"name":"y"},"id":2,"method":"z"}}""", out var envelope);

        Assert.That(envelope.TryGet(Messages.Name, out _), Is.False);
        Assert.That(envelope.Method.Length, Is.EqualTo(3));
    }

    [Test]
    public void Member_index_outside_of_any_set_throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => default(JsonRpcEnvelope).TryGet(MemberSet.MaxMembers, out _));

    [Test]
    public void Container_and_its_member_may_both_be_asked_for()
    {
        var set = new MemberSet(["params"], ["params", "_meta"], ["params", "_meta", "a"], ["params", "_meta", "a", "b"]);
        var bytes = """{"jsonrpc":"2.0","method":"m","params":{"_meta":{"a":{"b":1}}}}"""u8;

        JsonRpcReader.TryRead(bytes, set, Messages.MaxDepth, out var envelope);

        Assert.That(Enumerable.Range(0, 4).Select(i => envelope.TryGet(i, out var member) ? member.Value.Length : 0), Is.EqualTo(new[] { 23, 13, 7, 1 }));
    }

    [Test]
    public void Set_refuses_what_it_cannot_hold()
    {
        Assert.Throws<ArgumentException>(() => _ = new MemberSet(["a"], ["a"]));
        Assert.Throws<ArgumentException>(() => _ = new MemberSet([[]]));
        Assert.Throws<ArgumentException>(() => _ = new MemberSet(["a", "b", "c", "d", "e"]));
        Assert.Throws<ArgumentException>(() => _ = new MemberSet([""]));
        Assert.Throws<ArgumentException>(() => _ = new MemberSet([.. Enumerable.Range(0, 33).Select(i => new[] { $"m{i}" })]));
    }
}
