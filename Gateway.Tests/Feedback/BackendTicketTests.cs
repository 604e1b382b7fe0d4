using System.Text;
using Cortex.Feedback.Handover;
using NUnit.Framework;

namespace Cortex.Tests.Feedback;

/// <summary>What backends answer about their tickets, well-formed or not.</summary>
internal sealed class BackendTicketTests
{
    [TestCase("""{"tickets": [{"id": 7, "state": "open", "title": "A wish"}]}""", "7")]
    [TestCase("""[{"ticketId": "N-1"}, {"status": "no id"}, 3, null, {"id": {}}, {"id": "N-2"}]""", "N-1 N-2")]
    [TestCase("""[{"id": "\ud800"}, {"id": ""}, {"id": "a\u0000b"}]""", "ab")]
    [TestCase("""{"tickets": "none"}""", "")]
    [TestCase("\"text\"", "")]
    public void List_is_read_as_far_as_it_makes_sense(string json, string ids) =>
        Assert.That(string.Join(' ', BackendTicket.ReadList(Encoding.UTF8.GetBytes(json)).Select(ticket => ticket.Id)), Is.EqualTo(ids));

    [Test]
    public void Long_texts_are_cut()
    {
        var ticket = BackendTicket.Read(Encoding.UTF8.GetBytes($$"""{"id": "1", "summary": "{{new string('x', 3_000)}}"}"""))!;
        Assert.That(ticket.Summary, Has.Length.EqualTo(2_000));
    }

    [Test]
    public void Answer_without_an_id_is_no_ticket() => Assert.That(BackendTicket.Read("""{"ok": true}"""u8.ToArray()), Is.Null);
}
