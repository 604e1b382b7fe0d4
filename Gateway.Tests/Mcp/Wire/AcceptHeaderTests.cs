using Cortex.Mcp.Wire;
using Microsoft.Extensions.Primitives;
using NUnit.Framework;

namespace Cortex.Tests.Mcp.Wire;

/// <summary>Which clients can be answered, by their <c>Accept</c>.</summary>
internal sealed class AcceptHeaderTests
{
    [TestCase(null, ExpectedResult = true)]
    [TestCase("", ExpectedResult = true)]
    [TestCase("application/json, text/event-stream", ExpectedResult = true)]
    [TestCase("text/event-stream,application/json;charset=utf-8", ExpectedResult = true)]
    [TestCase("*/*", ExpectedResult = true)]
    [TestCase("application/*, text/*", ExpectedResult = true)]
    [TestCase("APPLICATION/JSON, Text/*;q=0.1", ExpectedResult = true)]
    [TestCase("application/json, */*;q=0.1", ExpectedResult = true)]
    [TestCase("application/json", ExpectedResult = false)]
    [TestCase("text/event-stream", ExpectedResult = false)]
    [TestCase("text/*", ExpectedResult = false)]
    [TestCase("application/json, text/event-stream;q=0", ExpectedResult = false)]
    [TestCase("*/*, text/event-stream;q=0.0", ExpectedResult = false)]
    [TestCase("*/*, text/*;q=0", ExpectedResult = false)]
    [TestCase("text/html", ExpectedResult = false)]
    [TestCase("application/jsonp, text/event-streams", ExpectedResult = false)]
    [TestCase("garbage", ExpectedResult = false)]
    public bool Answers_need_both_types(string? accept) => AcceptHeader.AllowsAnswers(accept);

    [Test]
    public void Several_headers_count_as_one() =>
        Assert.That(AcceptHeader.AllowsAnswers(new StringValues(["application/json", "text/event-stream"])));

    [TestCase(null, ExpectedResult = true)]
    [TestCase("text/event-stream", ExpectedResult = true)]
    [TestCase("text/*", ExpectedResult = true)]
    [TestCase("application/json", ExpectedResult = false)]
    [TestCase("text/event-stream;q=0", ExpectedResult = false)]
    public bool Stream_needs_its_own_type(string? accept) => AcceptHeader.AllowsStream(accept);
}
