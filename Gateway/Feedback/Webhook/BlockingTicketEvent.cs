using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Cortex.Feedback.Webhook;

/// <summary>
/// The event of a ticket that blocks someone. It names no caller:
/// <code>{"type":"ticket.blocking","timestamp":"2026-11-22T10:00:00Z","data":{"ticketId":"t_…","needId":"n_…","newNeed":true,"summary":"…","severity":"blocking",…}}</code>
/// </summary>
internal static class BlockingTicketEvent
{
    public static string Write(TicketRow ticket, bool isNewNeed, DateTimeOffset now)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "ticket.blocking"u8);
            json.WriteString("timestamp"u8, now.UtcDateTime);
            json.WriteStartObject("data"u8);
            json.WriteString("ticketId"u8, ticket.Id);
            json.WriteString("needId"u8, ticket.NeedId);
            json.WriteBoolean("newNeed"u8, isNewNeed);
            json.WriteString("summary"u8, ticket.Wanted);
            json.WriteString("severity"u8, ticket.Severity);
            Optional("userIntent", ticket.Intent);
            Optional("backend", ticket.BackendId);
            Optional("contextTool", ticket.ContextTool);
            Optional("contextApp", ticket.ContextApp);
            Optional("suggestedShape", ticket.SuggestedShape);
            json.WriteEndObject();
            json.WriteEndObject();

            void Optional(string name, string? value)
            {
                if (value is not null)
                    json.WriteString(name, value);
            }
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
