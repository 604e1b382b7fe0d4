using System.Text;
using System.Text.Json;

namespace Cortex.Cli.BackendTest.Wire;

/// <summary>What was remarkable about any of the replies: checked with each, told once at the end.</summary>
internal sealed class WireObservations
{
    private readonly List<string> _redirects = [];
    private readonly List<string> _mediaTypes = [];
    private readonly List<string> _wordless = [];
    private readonly List<string> _echoes = [];

    /// <summary>Methods that answered with a redirect.</summary>
    public IReadOnlyList<string> Redirects => _redirects;

    /// <summary>Methods whose JSON came under another media type.</summary>
    public IReadOnlyList<string> MediaTypes => _mediaTypes;

    /// <summary>Methods that refused without a word that an agent could read.</summary>
    public IReadOnlyList<string> Wordless => _wordless;

    /// <summary>Methods whose reply repeats the token that was sent.</summary>
    public IReadOnlyList<string> Echoes => _echoes;

    /// <summary>The slowest reply.</summary>
    public (string Method, TimeSpan Elapsed) Slowest { get; private set; } = ("", TimeSpan.Zero);

    /// <summary>The largest reply, in bytes.</summary>
    public (string Method, int Bytes) Largest { get; private set; } = ("", 0);

    public void Add(string method, ProbeCaller caller, ProbeReply.Answered answer)
    {
        if (answer.Status is >= 300 and < 400)
            Note(_redirects, method);
        if (answer.Value is not null && answer.MediaType is not "application/json" && answer.MediaType?.EndsWith("+json", StringComparison.Ordinal) is not true)
            Note(_mediaTypes, method);
        if (answer.Status >= 400 && answer.Status != 401 && method != "GET" && !HasWords(answer.Body))
            Note(_wordless, method);
        if (caller.Bearer is { Length: > 16 } token && answer.Body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(token)) >= 0)
            Note(_echoes, method);
        if (answer.Elapsed > Slowest.Elapsed)
            Slowest = (method, answer.Elapsed);
        if (answer.Body.Length > Largest.Bytes)
            Largest = (method, answer.Body.Length);
    }

    private static void Note(List<string> list, string method)
    {
        if (!list.Contains(method))
            list.Add(method);
    }

    private static bool HasWords(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object && (Has(document.RootElement, "error") || Has(document.RootElement, "required"));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool Has(JsonElement body, string name) => body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetRawText().Length > 2;
}
