using System.Text;
using Cortex.Backends.Contract;
using NUnit.Framework;

namespace Cortex.Tests.Backends.Contract;

/// <summary>The forms in which backends say that they have no such method, and those that say something else.</summary>
internal sealed class UnknownMethodTests
{
    [TestCase(400, """{"error":"Unknown method: list_prompts"}""", true)]
    [TestCase(400, "", true)]
    [TestCase(404, "<html>", true)]
    [TestCase(405, "", true)]
    [TestCase(422, """{"error":"?"}""", true)]
    [TestCase(501, "", true)]
    [TestCase(500, """{"error":"Method not found"}""", true)]
    [TestCase(500, """{"error":"NotImplemented: not implemented"}""", true)]
    [TestCase(500, """{"error":"unknown_method"}""", true)]
    [TestCase(200, """{"error":"Unknown method"}""", true)]
    [TestCase(200, """{"jsonrpc":"2.0","error":{"code":-32601,"message":"?"}}""", true)]
    [TestCase(200, """{"error":{"message":"No such method."}}""", true)]
    [TestCase(200, """{"prompts":[]}""", false)]
    [TestCase(200, """{"error":"disk full"}""", false)]
    [TestCase(200, """{"error":"\ud800"}""", false)]
    [TestCase(200, """{"error":{"code":"x"}}""", false)]
    [TestCase(200, "[]", false)]
    [TestCase(200, "", false)]
    [TestCase(401, """{"error":"Unknown method"}""", false)]
    [TestCase(403, """{"required":"mcp:a:b"}""", false)]
    [TestCase(408, "", false)]
    [TestCase(429, "", false)]
    [TestCase(500, """{"error":"disk full"}""", false)]
    [TestCase(503, "", false)]
    public void Answer_means_that_the_method_is_unknown(int status, string body, bool expected) =>
        Assert.That(UnknownMethod.Means(ContractReply.Read(status, "application/json", Encoding.UTF8.GetBytes(body))), Is.EqualTo(expected));
}
