using System.Security.Cryptography;
using System.Text;

namespace Cortex.Feedback.Wishes;

/// <summary>A wish as it is compared.</summary>
/// <param name="Digest">Of wording and context: the same report, whoever wrote it.</param>
/// <param name="Terms">Its meanings.</param>
/// <param name="Title">The wording, cut for lists.</param>
/// <param name="App">The backend or app it is about; null when the report does not tell.</param>
/// <param name="Tool">The tool it is about; null when the report does not tell.</param>
internal sealed record Wish(string Digest, IReadOnlyList<string> Terms, string Title, string? App, string? Tool)
{
    private const int MaxTitle = 200;

    /// <param name="app">The backend's id, where the report's context names one; else the app in the reporter's words.</param>
    public static Wish Of(string wanted, string? app, string? tool)
    {
        var (plainApp, plainTool) = (Context(app), Context(tool));
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{WishText.Plain(wanted)}\n{plainApp}\n{plainTool}"));
        var title = wanted.Trim();
        return new Wish(Convert.ToHexStringLower(digest), WishText.Terms(wanted), title.Length <= MaxTitle ? title : Cut(title), plainApp, plainTool);
    }

    /// <summary>Whether reports of both may be one need as far as their contexts go: what either leaves open does not contradict.</summary>
    public bool FitsContext(string? app, string? tool) => Fits(App, app) && Fits(Tool, tool);

    private static bool Fits(string? one, string? other) => one is null || other is null || one == other;

    private static string? Context(string? name) => name is not null && WishText.Plain(name) is { Length: > 0 } plain ? plain : null;

    private static string Cut(string title) => title[..(char.IsHighSurrogate(title[MaxTitle - 2]) ? MaxTitle - 2 : MaxTitle - 1)] + "…";
}
