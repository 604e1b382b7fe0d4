using System.Text;
using System.Text.Json;
using Cortex.Foundation.JsonRpc;
using CsCheck;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.JsonRpc;

/// <summary>The reader against System.Text.Json, on messages of any spelling.</summary>
internal sealed class ReaderPropertyTests
{
    [Test]
    public void Ranges_are_the_values_that_System_Text_Json_finds() => Messages.Any.Sample(
        json =>
        {
            var bytes = Encoding.UTF8.GetBytes(json);
            var fault = Messages.Read(json, out var envelope);
            using var document = JsonDocument.Parse(bytes);
            if (fault.IsNone)
                AssertSame(document.RootElement, bytes, envelope);
            else
                Assert.That(fault.Kind, Is.AnyOf(JsonRpcFaultKind.WrongVersion, JsonRpcFaultKind.InvalidId, JsonRpcFaultKind.InvalidMethod), json);
        },
        iter: 4000);

    [Test]
    public void Message_that_has_its_members_is_read() => Messages.Any.Sample(
        json =>
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var isCall = Has("method");
            var isWhole = Has("jsonrpc") && (isCall || Has("error") || (Has("result") && Has("id")));
            Assert.That(Messages.Read(json, out var envelope).IsNone, Is.EqualTo(isWhole), json);
            if (isWhole)
                Assert.That(envelope.Kind, Is.EqualTo(isCall ? Has("id") ? JsonRpcKind.Request : JsonRpcKind.Notification : JsonRpcKind.Response), json);

            bool Has(string name) => root.TryGetProperty(name, out _);
        },
        iter: 2000);

    [Test]
    public void Strings_are_what_System_Text_Json_unescapes() => Json.String.Sample(
        raw =>
        {
            var expected = JsonSerializer.Deserialize<string>(raw)!;
            var bytes = Encoding.UTF8.GetBytes(raw);
            Assert.That(JsonText.GetString(bytes), Is.EqualTo(expected));
            Assert.That(JsonText.Equals(bytes, Encoding.UTF8.GetBytes(expected)));
            Assert.That(JsonText.Equals(bytes, Encoding.UTF8.GetBytes(expected + "x")), Is.False);
            Assert.That(JsonText.IsSame(bytes, JsonText.Quote(expected)));
            Assert.That(JsonText.IsSame(JsonText.Quote(expected), bytes));
        },
        iter: 4000);

    private static void AssertSame(JsonElement root, byte[] bytes, JsonRpcEnvelope envelope)
    {
        Assert.That(Text(envelope.Id), Is.EqualTo(Raw(["id"])));
        Assert.That(Text(envelope.Method), Is.EqualTo(Raw(["method"])));
        Assert.That(Text(envelope.Params), Is.EqualTo(Raw(["params"])));
        Assert.That(Text(envelope.Result), Is.EqualTo(Raw(["result"])));
        Assert.That(Text(envelope.Error), Is.EqualTo(Raw(["error"])));
        for (var i = 0; i < Messages.Paths.Length; i++)
        {
            envelope.TryGet(i, out var member);
            Assert.That(Text(member.Value), Is.EqualTo(Raw(Messages.Paths[i])));
            Assert.That(member.Kind, Is.EqualTo(Find(Messages.Paths[i])?.ValueKind ?? JsonValueKind.Undefined));
        }

        string Text(ByteRange range) => Encoding.UTF8.GetString(range.Of(bytes));
        string Raw(string[] path) => Find(path)?.GetRawText() ?? "";

        JsonElement? Find(string[] path)
        {
            var element = root;
            foreach (var name in path)
            {
                if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
                    return null;
            }

            return element;
        }
    }
}
