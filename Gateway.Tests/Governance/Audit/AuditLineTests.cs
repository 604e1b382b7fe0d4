using System.Buffers;
using System.Text;
using Cortex.Governance.Audit;
using NUnit.Framework;

namespace Cortex.Tests.Governance.Audit;

[TestFixture]
internal sealed class AuditLineTests
{
    [Test]
    public void Line_of_a_request_has_every_field_in_order()
    {
        var line = Write(
            new AuditRecord
            {
                Event = "mcp.request",
                Outcome = "ok",
                Time = new DateTimeOffset(2026, 1, 31, 9, 0, 0, 7, TimeSpan.Zero),
                PersonId = "p_0123456789abcdef0123456789abcdef",
                ClientId = "claude",
                Method = "tools/call",
                Tool = "notes_echo",
                Backend = "notes",
                Scope = "mcp:notes:read",
                ProtocolVersion = "2026-07-28",
                RequestBytes = 120,
                ResponseBytes = 64,
                Duration = TimeSpan.FromMicroseconds(3250.4),
                Status = 200,
                TraceId = "4bf92f3577b34da6a3ce929d0e0e4736",
                Detail = "It's \"done\".\n",
            },
            "u_1");

        Assert.That(line, Is.EqualTo(
            """{"time":"2026-01-31T09:00:00.007Z","event":"mcp.request","outcome":"ok","caller":"u_1","client":"claude","method":"tools/call","tool":"notes_echo","backend":"notes","scope":"mcp:notes:read","protocol":"2026-07-28","requestBytes":120,"responseBytes":64,"latencyMs":3.25,"status":200,"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","detail":"It's \"done\".\n"}"""));
    }

    [Test]
    public void Line_leaves_out_what_is_absent() =>
        Assert.That(
            Write(new AuditRecord { Event = "auth.register", Outcome = "ok", Time = DateTimeOffset.UnixEpoch }, null),
            Is.EqualTo("""{"time":"1970-01-01T00:00:00.000Z","event":"auth.register","outcome":"ok"}"""));

    private static string Write(AuditRecord record, string? caller)
    {
        var buffer = new ArrayBufferWriter<byte>();
        AuditLine.Write(buffer, new AuditEntry("1", record, caller));
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
