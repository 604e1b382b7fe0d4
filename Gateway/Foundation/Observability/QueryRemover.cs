using System.Diagnostics;
using OpenTelemetry;

namespace Cortex.Foundation.Observability;

/// <summary>
/// Takes queries and fragments off the addresses of HTTP spans: they carry authorization codes, states and what people search for.
/// </summary>
internal sealed class QueryRemover : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        if (data.GetTagItem("url.query") is not null)
            data.SetTag("url.query", null);
        if (data.GetTagItem("url.full") is string full && full.IndexOfAny(['?', '#']) is >= 0 and var end)
            data.SetTag("url.full", full[..end]);
    }
}
