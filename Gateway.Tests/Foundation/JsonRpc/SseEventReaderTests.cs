using System.Text;
using Cortex.Foundation.JsonRpc;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.JsonRpc;

/// <summary>Whole events out of a stream.</summary>
internal sealed class SseEventReaderTests
{
    [Test]
    public void Event_has_type_id_and_joined_data()
    {
        using var reader = new SseEventReader(1000);

        var events = Read(reader, "event: a\nid: 1\nretry: 250\ndata: x\ndata:  y\n\ndata: z\n\ndata: cut off"u8.ToArray(), [2]);

        Assert.That(events, Is.EqualTo(new[] { ("a", "1", "x\n y"), ("", "1", "z") }));
        Assert.That(reader.Retry, Is.EqualTo(TimeSpan.FromMilliseconds(250)));
    }

    [Test]
    public void Priming_event_gives_its_id_and_no_data()
    {
        using var reader = new SseEventReader(1000);

        Assert.That(Read(reader, "id: 5\ndata:\n\n"u8.ToArray(), [100]), Is.EqualTo(new[] { ("", "5", "") }));
    }

    [Test]
    public void Id_of_an_event_without_data_counts_for_the_next_one()
    {
        using var reader = new SseEventReader(1000);

        Assert.That(Read(reader, "id: 5\n\ndata: a\n\nid: 6\u0000\ndata: b\n\n"u8.ToArray(), [100]), Is.EqualTo(new[] { ("", "5", "a"), ("", "5", "b") }));
    }

    [TestCase("data: 12345678901\n\n")]
    [TestCase("data: 12345\ndata: 12345\n\n")]
    [TestCase("id: 12345678901\ndata: 1\n\n")]
    [TestCase("event: 12345\nid: 12345\ndata: 1\n\n")]
    [TestCase("data\ndata\ndata\ndata\ndata\ndata\ndata\ndata\ndata\ndata\ndata\ndata\n\n")]
    public void Event_that_is_too_long_is_a_fault(string stream)
    {
        using var reader = new SseEventReader(10);

        Assert.That(Read(reader, Encoding.UTF8.GetBytes(stream), [4]), Is.Empty);
        Assert.That(reader.Fault.Kind, Is.EqualTo(JsonRpcFaultKind.EventTooLong));
    }

    [Test]
    public void Comments_and_unknown_fields_do_not_count()
    {
        using var reader = new SseEventReader(10);

        Assert.That(Read(reader, ": a very long comment\nother: a very long value\ndata: 1\n\n"u8.ToArray(), [4]), Has.Count.EqualTo(1));
    }

    internal static List<(string Type, string Id, string Data)> Read(SseEventReader reader, ReadOnlyMemory<byte> bytes, int[] lengths)
    {
        var events = new List<(string, string, string)>();
        foreach (var chunk in Chunks.Cut(bytes, lengths))
        {
            for (var input = chunk; !input.IsEmpty;)
            {
                var progress = reader.Read(input.Span, out var consumed);
                if (progress == SseProgress.Faulted)
                    return events;
                if (progress == SseProgress.EventEnded)
                    events.Add((Encoding.UTF8.GetString(reader.EventType), Encoding.UTF8.GetString(reader.LastEventId), Encoding.UTF8.GetString(reader.Data.Span)));
                input = input[consumed..];
            }
        }

        return events;
    }
}
