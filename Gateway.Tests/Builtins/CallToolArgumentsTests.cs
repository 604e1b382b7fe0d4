using System.Text;
using Cortex.Builtins;
using NUnit.Framework;

namespace Cortex.Tests.Builtins;

/// <summary>Reading the call within a <c>call_tool</c>.</summary>
internal sealed class CallToolArgumentsTests
{
    [TestCase("""{"name":"a","arguments":{"x":[1,{"y":2}]}}""", "\"a\"", """{"x":[1,{"y":2}]}""")]
    [TestCase("""{ "arguments" : { } , "name" : "a" }""", "\"a\"", "{ }")]
    [TestCase("""{"n\u0061me":"\u0061"}""", "\"\\u0061\"", "")]
    public void Call_is_read(string json, string name, string arguments)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        Assert.That(CallToolArguments.TryRead(bytes, out var found), Is.Null);
        Assert.That(Encoding.UTF8.GetString(found.Name.Of(bytes.AsSpan())), Is.EqualTo(name));
        Assert.That(Encoding.UTF8.GetString(found.Arguments.Of(bytes.AsSpan())), Is.EqualTo(arguments));
    }

    [TestCase("{}", "missing")]
    [TestCase("""{"arguments":{}}""", "missing")]
    [TestCase("""{"name":7}""", "'name' must be")]
    [TestCase("""{"name":null}""", "'name' must be")]
    [TestCase("""{"name":""}""", "'name' must be")]
    [TestCase("""{"name":"\ud800"}""", "'name' must be")]
    [TestCase("""{"name":"call_tool","arguments":{"name":"a"}}""", "other than call_tool")]
    [TestCase("""{"name":"call\u005ftool"}""", "other than call_tool")]
    [TestCase("""{"name":"a","arguments":"{}"}""", "must be an object")]
    [TestCase("""{"name":"a","arguments":null}""", "must be an object")]
    [TestCase("""{"name":"a","arguments":[]}""", "must be an object")]
    [TestCase("""{"name":"a","name":"b"}""", "twice")]
    [TestCase("""{"name":"a","n\u0061me":"b"}""", "twice")]
    [TestCase("""{"name":"a","arguments":{},"arguments":{"x":1}}""", "twice")]
    [TestCase("""{"name":"a","x":1}""", "alone")]
    [TestCase("""{"name":"a","Name":"b"}""", "alone")]
    public void Fault_is_told(string json, string text) =>
        Assert.That(CallToolArguments.TryRead(Encoding.UTF8.GetBytes(json), out _), Does.Contain(text));
}
