using System.Text;
using System.Text.Json;
using Cortex.Backends.Contract;

namespace Cortex.Cli.BackendTest.Wire;

/// <summary>What became of one request.</summary>
internal abstract record ProbeReply
{
    private ProbeReply()
    {
    }

    /// <summary>An answer came.</summary>
    /// <param name="Status">Its status.</param>
    /// <param name="MediaType">Media type of the body; null for none.</param>
    /// <param name="Location">Where a redirect leads; null without one.</param>
    /// <param name="Body">The body.</param>
    /// <param name="Elapsed">From the first byte sent to the last one read.</param>
    internal sealed record Answered(int Status, string? MediaType, string? Location, byte[] Body, TimeSpan Elapsed) : ProbeReply
    {
        /// <summary>The answer as the gateway reads it.</summary>
        public ContractOutcome Outcome { get; } = ContractReply.Read(Status, MediaType, Body);

        public string Text => Encoding.UTF8.GetString(Body);

        /// <summary>The value that was returned; null for any other outcome.</summary>
        public JsonElement? Value => Outcome is ContractOutcome.Returned returned
            ? JsonDocument.Parse(returned.Json, new JsonDocumentOptions { MaxDepth = 128 }).RootElement
            : null;

        /// <summary>False when a text of the JSON is half a surrogate pair, escaped, which nobody can read.</summary>
        public bool IsUnicode => Outcome is not ContractOutcome.Returned returned || AreTexts(returned.Json.Span);

        /// <summary>True for a refusal of what was asked, which is no failure of the backend.</summary>
        public bool IsRefusal => Status is (>= 400 and < 500) or 501;

        private static bool AreTexts(ReadOnlySpan<byte> json)
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 128 });
            try
            {
                while (reader.Read())
                {
                    if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                        reader.GetString();
                }

                return true;
            }
            catch (InvalidOperationException)
            {
                return false;
            }
        }
    }

    /// <summary>No answer, or not a whole one.</summary>
    /// <param name="Problem">Why, one sentence.</param>
    /// <param name="Mend">What to do, one sentence.</param>
    internal sealed record Failed(string Problem, string Mend) : ProbeReply;
}
