using System.Net.Http.Headers;
using System.Text;
using Cortex.Identity.Linking;

namespace Cortex.Cli.Doctor.Wire;

/// <summary>What became of one request.</summary>
internal abstract record ProbeReply
{
    private ProbeReply()
    {
    }

    /// <summary>An answer came.</summary>
    /// <param name="Status">Its status.</param>
    /// <param name="Headers">Its headers, but for those of the body.</param>
    /// <param name="MediaType">Media type of the body; null for none.</param>
    /// <param name="Body">The body.</param>
    /// <param name="Asked">When the request was sent.</param>
    /// <param name="Came">When the head of the answer was there.</param>
    /// <param name="Version">Version of HTTP.</param>
    internal sealed record Answered(
        int Status, HttpResponseHeaders Headers, string? MediaType, byte[] Body, DateTimeOffset Asked, DateTimeOffset Came, Version Version) : ProbeReply
    {
        public string Text => Encoding.UTF8.GetString(Body);

        /// <summary>True for a page that people read, which no part of MCP and OAuth answers to a program.</summary>
        public bool IsPage => MediaType is "text/html" or "application/xhtml+xml";

        /// <summary>The body as a JSON object; null when it is none.</summary>
        public ProviderDocument? Document => ProviderDocument.TryParse(Body, out var document) ? document : null;

        /// <summary>A header's value, several joined as browsers join them; null without it.</summary>
        public string? Header(string name) => Headers.NonValidated.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
    }

    /// <summary>No answer, or not a whole one.</summary>
    /// <param name="Problem">Why, one sentence.</param>
    internal sealed record Failed(string Problem) : ProbeReply;
}
