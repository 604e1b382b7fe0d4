using System.Text;
using System.Text.Json;
using Cortex.Backends.Contract;
using Cortex.Catalog;

namespace Cortex.Builtins.Resources;

/// <summary><c>cortex://backends/{id}</c>: one app as the caller may know it: what it offers, and its own help.</summary>
internal sealed class BackendDocument(BackendStates states, BackendQuestions questions) : IOwnResource
{
    private const string Start = "cortex://backends/";

    /// <summary>Most characters of a server's own words.</summary>
    private const int MaxWords = 20_000;

    public CatalogKind Kind => CatalogKind.Template;

    public string Address => Start + "{id}";

    public string Name => "backend";

    public string Title => "One app";

    public string Description => "What one app behind this endpoint offers you, and its own help. whoami and cortex://architecture name the apps.";

    public bool AnswersFor(string uri) => uri.StartsWith(Start, StringComparison.Ordinal);

    public async ValueTask<string?> ReadAsync(string uri, BuiltinCall call, CancellationToken cancellationToken)
    {
        var id = uri[Start.Length..];
        if (states.For(call).FirstOrDefault(backend => backend.Definition.Id.Value == id) is not { } backend)
            return null;
        var help = (await questions.AskAsync(call, [backend], ContractMethods.GetHelp, cancellationToken))[0];
        var text = new StringBuilder();
        text.AppendLine($"# {id}");
        if (backend.State != BackendHealth.Ready)
            text.AppendLine(backend.Problem ?? (backend.State == BackendHealth.NeverReached ? "It can't be reached; what it offers is not known." : "It does not answer at the moment."));
        if (backend.Items.Count > 0 && call.Catalog.Instructions.TryGetValue(backend.Definition.Id, out var words))
            WriteWords(text, words);
        Write(text, "Tools", backend, CatalogKind.Tool);
        Write(text, "Prompts", backend, CatalogKind.Prompt);
        Write(text, "Resources", backend, CatalogKind.Resource);
        Write(text, "Resource templates", backend, CatalogKind.Template);
        if (help.Value is { } value)
        {
            text.AppendLine("## Help");
            text.AppendLine(value.ValueKind == JsonValueKind.String ? value.GetString() : $"```json\n{value.GetRawText()}\n```");
        }

        return text.ToString();
    }

    /// <summary>Quoted, so that none of it passes for a part of this document.</summary>
    private static void WriteWords(StringBuilder text, string words)
    {
        text.AppendLine("## What its server says of itself");
        foreach (var line in (words.Length > MaxWords ? words[..MaxWords] : words).Trim().ReplaceLineEndings("\n").Split('\n'))
            text.Append("> ").AppendLine(line);
        text.AppendLine();
    }

    private static void Write(StringBuilder text, string title, BackendState backend, CatalogKind kind)
    {
        var items = backend.Items.Where(item => item.Kind == kind).ToList();
        if (items.Count == 0)
            return;
        text.AppendLine($"## {title}");
        foreach (var item in items)
        {
            using var document = JsonDocument.Parse(item.Json);
            var description = document.RootElement.TryGetProperty("description", out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
            text.AppendLine($"- `{item.PublicName}`{(string.IsNullOrEmpty(description) ? "" : $": {description.ReplaceLineEndings(" ")}")}");
        }

        text.AppendLine();
    }
}
