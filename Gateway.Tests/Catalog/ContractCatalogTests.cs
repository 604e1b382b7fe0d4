using System.Text;
using Cortex.Backends;
using Cortex.Backends.Contract;
using Cortex.Catalog;
using Cortex.Foundation.Model;
using NUnit.Framework;

namespace Cortex.Tests.Catalog;

/// <summary>The lists of one contract backend: those it need not have are missed without a word, those that fail are told.</summary>
internal sealed class ContractCatalogTests
{
    [TestCase(404, "")]
    [TestCase(400, """{"error":"unknown method"}""")]
    [TestCase(501, "")]
    [TestCase(500, """{"error":"Method not found"}""")]
    [TestCase(403, """{"error":"A catalog token may not call that."}""")]
    [TestCase(200, """{"error":{"code":-32601,"message":"Method not found"}}""")]
    public void List_that_a_backend_does_not_have_is_no_fault(int status, string body)
    {
        var catalog = Catalog();
        catalog.AddPrompts(Reply(status, body));
        catalog.AddTemplates(Reply(status, body));

        Assert.That(catalog.Faults, Is.Empty);
        Assert.That(catalog.Items, Is.Empty);
    }

    [TestCase(429, "")]
    [TestCase(500, """{"error":"disk full"}""")]
    [TestCase(401, "")]
    [TestCase(403, """{"required":"mcp:a:b"}""")]
    [TestCase(200, """{"prompts":{}}""")]
    [TestCase(200, "<html>")]
    public void List_that_fails_is_a_fault(int status, string body)
    {
        var catalog = Catalog();
        catalog.AddPrompts(Reply(status, body));

        Assert.That(catalog.Faults.Single(), Does.StartWith("list_prompts failed"));
    }

    private static ContractCatalog Catalog() => new(BackendDefinitionFactory.Create(BackendId.Parse("notes"), new BackendOptions { Url = "http://127.0.0.1:1" }));

    private static ContractOutcome Reply(int status, string body) => ContractReply.Read(status, "application/json", Encoding.UTF8.GetBytes(body));
}
